//! Two copies of a library in one process, or two hundred: plugins bring their own.

use std::time::{Duration, Instant};

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Library, Subject, threads};

/// The check.
pub const CHECK: Check = Check {
    id: "load-many",
    severity: Severity::Error,
    hazard: "G2",
    title: "50 and 200 copies of the library live in one process",
    page: page!("load-many"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Dynamic(run),
};

/// How many copies there are first, and in the end.
const STAGES: [usize; 2] = [50, 200];

/// How long the starts of all copies may take, one after the other.
const TIME: Duration = Duration::from_secs(4);

/// How many bytes all copies may have.
const BYTES: u64 = 1 << 30;

fn run(subject: &Subject) -> Verdict {
    let begun = Instant::now();
    let first = subject.ready()?;
    subject.call_all(&first)?;
    let each = begun.elapsed();
    let path = &subject.plan.library;
    let size = std::fs::metadata(path).map_or(0, |data| data.len()).max(1);
    let in_time = (TIME.as_micros() / each.as_micros().max(1)).max(4) as usize;
    let most = in_time.min((BYTES / size).max(2) as usize);
    let mut copies = Vec::new();
    for stage in STAGES {
        let stage = stage.min(most);
        while copies.len() < stage {
            subject.step(&format!("loading copy {}", copies.len() + 1));
            let copy = Library::open_copy(path, copies.len() + 1)?;
            subject.set_up(&copy)?;
            copies.push(copy);
        }
        for (place, copy) in copies.iter().enumerate() {
            for call in &subject.plan.calls {
                subject.step(&format!(
                    "calling {} in copy {} of {stage}",
                    call.label(),
                    place + 1
                ));
                copy.prepare(call)?.check().map_err(|stop| Stop {
                    evidence: format!("in copy {} of {stage}: {}", place + 1, stop.evidence),
                    ..stop
                })?;
            }
        }
    }
    let (copies, threads) = (copies.len(), threads().len() - 1);
    let wanted = STAGES[1];
    let of = match copies < wanted {
        true => format!(" of {wanted}, for lack of time or room"),
        false => String::new(),
    };
    Ok(format!(
        "{copies} copies{of}, with {threads} threads in all"
    ))
}
