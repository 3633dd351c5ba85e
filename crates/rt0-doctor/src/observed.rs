//! What is seen of a library from its load to its end: what `cargo rt0 trace` draws.
//!
//! All times are nanoseconds of the monotonic clock, which all processes of a system share.

use serde::{Deserialize, Serialize};

use crate::plan::Plan;

/// What is to be watched.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Watch {
    /// The library, and the calls into it.
    pub plan: Plan,
    /// A program that loads it by itself, and its arguments. Without one, a process of our own loads the library.
    pub program: Vec<String>,
    /// Whether the dynamic loader is asked to say what it does.
    pub loader: bool,
    /// Whether the shutdown call is made at the end.
    pub shuts_down: bool,
    /// How long a step, or the program, may take, in milliseconds.
    pub deadline_ms: u64,
}

/// What was seen.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Seen {
    /// When the process was started.
    pub started: u64,
    /// When its end was noticed.
    pub ended: u64,
    /// The number of the process.
    pub process: u32,
    /// How it ended; `None`: it was never started.
    pub end: Option<End>,
    /// What it was doing last, or why it was not started.
    pub step: String,
    /// What the process of our own has noted.
    pub noted: Noted,
    /// What the process of our own says in the end, if it comes that far.
    pub said: Option<Said>,
    /// Its threads, in the order in which they were seen.
    pub threads: Vec<Thread>,
    /// What the dynamic loader has said.
    pub loader: Vec<Word>,
    /// What libraries built with rt0 have written at the ends of boots, shutdowns and the process.
    pub lines: String,
    /// The last that it printed.
    pub printed: String,
    /// Where its threads were at the deadline.
    pub stacks: String,
}

/// How the process ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum End {
    /// With this exit code.
    Exit(i32),
    /// By the signal of this name.
    Signal(String),
    /// At the deadline; the keeper has killed it.
    Deadline,
    /// It printed, or made processes, without end; the keeper has killed it.
    TooMuch,
}

/// When what was done. Zero: not yet.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Noted {
    /// dlopen was entered and left.
    pub dlopen: (u64, u64),
    /// The setup call.
    pub setup: (u64, u64),
    /// Each call.
    pub calls: Vec<(u64, u64)>,
    /// The shutdown call.
    pub shutdown: (u64, u64),
    /// `exit` was called.
    pub exit: u64,
}

/// What the process says.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Said {
    /// Whether it came to its end.
    pub complete: bool,
    /// Why the library can't be loaded or called.
    pub failure: Option<String>,
    /// What the setup call has answered.
    pub setup: Option<String>,
    /// What each call has answered.
    pub answers: Vec<String>,
    /// What the shutdown call has answered.
    pub shutdown: Option<String>,
    /// What is wrong with the first answer that is not what it should be.
    pub objection: Option<String>,
    /// What `NAME_report` gave: after the calls, and after the shutdown.
    pub reports: Vec<String>,
    /// The threads that there were after the load, and after each call, of a library without rt0.
    pub threads: Vec<(u64, Vec<(i32, String)>)>,
}

/// A line of the dynamic loader's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// When it was said, or read.
    pub at: u64,
    /// The process whose loader has said it.
    pub process: u32,
    /// The line.
    pub text: String,
}

/// A thread that was seen from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// The system's number.
    pub id: u32,
    /// Its name, as it was last.
    pub name: String,
    /// When it was seen first.
    pub first: u64,
    /// When it was seen last.
    pub last: u64,
}
