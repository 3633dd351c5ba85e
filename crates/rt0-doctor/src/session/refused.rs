//! A library that the loader refuses: one sentence, in place of one for each check.

use std::time::Duration;

use crate::check::Outcome;
use crate::checks;
use crate::file::{File, Machine};
use crate::plan::Plan;
use crate::supervise;

/// Why the library can't be loaded here, and what to do; `None` if it can, or if it crashes or hangs, which the checks
/// will find.
pub fn why(plan: &Plan, file: &File<'_>, deadline: Duration) -> Option<String> {
    let check = checks::LOADABLE?;
    let shown = file.name();
    if !file.is_native() {
        let is = Machine::of(&file.dynamic).name();
        let here = Machine::native().name();
        return Some(format!(
            "{shown} can't be loaded here: it is for {is}, and this program for {here}; run the doctor there"
        ));
    }
    let stop = supervise::run(check, plan, deadline).0.err()?;
    (stop.outcome == Outcome::Skip).then(|| {
        let says = &stop.evidence;
        format!("{shown} can't be loaded: {says}{}", advice(says))
    })
}

/// What to do about what the loader says.
fn advice(says: &str) -> &'static str {
    let knows = |text: &str| says.contains(text);
    if knows("undefined symbol") {
        "; it expects that of the program or of a library: link it with what it needs"
    } else if knows("cannot open shared object file") {
        "; install what is missing, or name its folder in LD_LIBRARY_PATH"
    } else if knows("version `") && knows("not found") {
        "; run the doctor on a system with a library as new as that, or build for this one"
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::advice;

    #[test]
    fn what_the_loader_says_often_has_an_answer() {
        for (says, answer) in [
            ("x.so: undefined symbol: PyExc_ValueError", "link it with"),
            (
                "libn.so.1: cannot open shared object file: No such file or directory",
                "LD_LIBRARY_PATH",
            ),
            (
                "libc.so.6: version `GLIBC_2.99' not found (required by x.so)",
                "as new as that",
            ),
        ] {
            assert!(advice(says).contains(answer), "{says}");
        }
        assert_eq!(advice("only ET_DYN and ET_EXEC can be loaded"), "");
    }
}
