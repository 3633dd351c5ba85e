//! Runs each dynamic check in a fresh process, and lets nothing out.
//!
//! ```text
//! the tool ── a keeper for each check ── the subject: loads the library ── its children ...
//!     └─ if it dies, the pipe to the keeper closes, and the keeper ends everything below it
//! ```
//!
//! The keeper is a *child subreaper*: whatever the subject leaves behind, in whatever process group or session,
//! becomes the keeper's child and is found. It reads what the subject prints and throws away what is too much, counts
//! processes, and at the deadline takes down where each thread is, stops everything, and kills it. So nobody has to
//! handle Ctrl-C: the tool dies of it, and the keepers, which have process groups of their own, do the rest.

mod keeper;
mod life;
mod limits;
mod machine;
mod output;
mod pool;
mod process;
mod stacks;
mod stamped;
mod tree;
mod watching;

pub use pool::{run, watch};

use serde::{Deserialize, Serialize};

use crate::board::Board;
use crate::check::{Check, Stop, Verdict};
use crate::observed::{Seen, Watch};
use crate::plan::Plan;

/// The word by which the tool runs itself as a keeper.
pub const KEEPER: &str = "rt0-doctor-keeper";

/// The word by which a keeper runs the tool as a subject.
pub const SUBJECT: &str = "rt0-doctor-subject";

/// Lives the life of a keeper or of a subject, if this program was run as one, and never returns then.
pub fn intercept() {
    match std::env::args_os().nth(1) {
        Some(word) if word == KEEPER => {
            keeper::keep();
            std::process::exit(0);
        }
        Some(word) if word == SUBJECT => life::main(),
        _ => {}
    }
}

/// Runs a dynamic check in this process: for a debugger.
pub fn in_this_process(check: &Check, plan: Plan) -> Verdict {
    let board = Board::private().map_err(|e| Stop::could_not(format!("no shared memory: {e}")))?;
    life::run(check, plan, board)
}

/// What a keeper is told.
#[derive(Debug, Serialize, Deserialize)]
struct Job {
    id: String,
    plan: Plan,
    deadline_ms: u64,
    /// The tool's own: a keeper of root's is quicker than its subject.
    niceness: i32,
    /// Instead of a check: what is to be watched.
    watch: Option<Watch>,
}

/// What a keeper answers.
#[derive(Debug, Serialize, Deserialize)]
struct Ended {
    /// What the check itself says, if it came to its end.
    verdict: Option<Result<String, Stop>>,
    /// What it was doing last.
    step: String,
    /// How its process ended.
    end: End,
    /// Where its threads were at the deadline.
    stacks: String,
    /// The last that it printed.
    printed: String,
    /// How many rounds of a repetition had begun, and how many there are at least.
    rounds: [u32; 2],
    seconds: f64,
    /// What else was noticed of a process that is watched.
    seen: Seen,
}

/// How a subject ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum End {
    /// With this exit code.
    Exit(i32),
    /// By this signal.
    Signal(i32),
    /// At the deadline, by the keeper.
    Deadline,
    /// It went on from step to step for too long.
    TooLong,
    /// The keeper has seen more output than it bears.
    Flood,
    /// The keeper has seen more processes than it bears.
    Storm,
    /// The keeper could not start it.
    NotStarted,
}
