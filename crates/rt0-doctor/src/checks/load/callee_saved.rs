//! A constructor that changes registers which its caller still needs.

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Subject, Unstarted, watched};

/// The check.
pub const CHECK: Check = Check {
    id: "load-callee-saved",
    severity: Severity::Error,
    hazard: "L6",
    title: "the constructors preserve the registers that they must",
    page: page!("load-callee-saved"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Dynamic(run),
};

fn run(subject: &Subject) -> Verdict {
    if !watched::IS_KNOWN {
        return Err(Stop::skip("there is no harness for this processor"));
    }
    let without = Unstarted::load(&subject.plan.library)?;
    let constructors = without.constructors();
    for (number, constructor) in constructors.iter().enumerate() {
        subject.step(&format!(
            "running constructor {} of {}",
            number + 1,
            constructors.len()
        ));
        // SAFETY: the library's own list says that it is a constructor, and none before it has been left out.
        let changed = unsafe { watched::changed(*constructor) };
        if !changed.is_empty() {
            return Err(Stop::fail(format!(
                "constructor {} of {} changes {}",
                number + 1,
                constructors.len(),
                changed.join(", ")
            )));
        }
    }
    Ok(match constructors.len() {
        0 => "it has no constructors".to_owned(),
        count => format!("{count} of them do"),
    })
}
