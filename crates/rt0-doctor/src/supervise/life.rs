//! The life of a subject.

use crate::board::Board;
use crate::check::{Check, How, Stop, Verdict};
use crate::checks;
use crate::observed::Watch;
use crate::plan::Plan;
use crate::subject::{Subject, exit_now};
use crate::traced;

/// The life of a subject: it reads from the inherited board what it is to check or to show, and leaves the verdict there.
pub fn main() -> ! {
    // Once: the descriptor that the keeper has passed on is closed then.
    let Ok(board) = Subject::inherited_board() else {
        exit_now(0);
    };
    let job = board.job();
    if let Ok(watch) = serde_json::from_str::<Watch>(&job) {
        traced::run(&watch, board);
        // As a program does, with all its handlers.
        std::process::exit(0);
    }
    if let Ok((id, plan)) = serde_json::from_str::<(String, Plan)>(&job)
        && let Some(check) = checks::to_run(&id)
    {
        let verdict = run(check, plan, board);
        board.set_verdict(&serde_json::to_string(&verdict).unwrap_or_default());
    }
    exit_now(0)
}

/// Runs a dynamic check in this process.
pub fn run(check: &Check, plan: Plan, board: Board) -> Verdict {
    let How::Dynamic(run) = check.how else {
        return Err(Stop::could_not("it reads the file and needs no process"));
    };
    let subject = Subject::begin(plan, board);
    let run = std::panic::AssertUnwindSafe(|| run(&subject));
    std::panic::catch_unwind(run).unwrap_or_else(|why| {
        let text = why.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| why.downcast_ref::<&str>().copied());
        Err(Stop::could_not(format!(
            "the check itself panicked: {}",
            text.unwrap_or("without a text")
        )))
    })
}
