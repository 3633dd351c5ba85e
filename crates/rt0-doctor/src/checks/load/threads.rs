//! A thread without a name of its own looks like the host's in every debugger and profiler.

use std::time::Duration;

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Subject, threads, tid, wait_until};

/// The check.
pub const CHECK: Check = Check {
    id: "load-threads",
    severity: Severity::Warning,
    hazard: "G10",
    title: "threads that the library makes can be told from the host's",
    page: page!("load-threads"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Dynamic(run),
};

/// How long a thread may take to name itself.
const PATIENCE: Duration = Duration::from_millis(500);

fn run(subject: &Subject) -> Verdict {
    let library = subject.ready()?;
    subject.call_all(&library)?;
    subject.step("looking at the library's threads");
    subject.settle();
    let own = name(tid());
    let others = || -> Vec<_> {
        let all = threads().into_iter();
        all.filter(|thread| *thread != tid()).map(name).collect()
    };
    let same = |others: &[String]| others.iter().filter(|name| **name == own).count();
    // A thread begins with the name of whoever has made it.
    wait_until(PATIENCE, || same(&others()) == 0);
    let others = others();
    let same = same(&others);
    if same > 0 {
        return Err(Stop::fail(format!(
            "{same} of {} threads of the library's bear the name of the host's: `{own}`",
            others.len()
        )));
    }
    let mut names = others;
    names.sort_unstable();
    names.dedup();
    Ok(match names.is_empty() {
        true => "there are none".to_owned(),
        false => format!("they are called {}", names.join(", ")),
    })
}

fn name(thread: i32) -> String {
    let text = std::fs::read_to_string(format!("/proc/self/task/{thread}/comm"));
    text.unwrap_or_default().trim().to_owned()
}
