//! One trace: what is asked for, and what comes of it.

use std::path::PathBuf;

use rt0_doctor::calls::config::Config;
use rt0_doctor::observe::observe;
use rt0_doctor::observed::{Seen, Watch};
use rt0_doctor::session::{self, Options};
use rt0_doctor::{Error, Result};

use crate::gather::gather;
use crate::model::Trace;

/// What is asked for: the options of the command line.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The library.
    pub library: PathBuf,
    /// Calls into it.
    pub calls: Vec<String>,
    /// The call that comes first.
    pub setup: Option<String>,
    /// The call that shuts it down, made at the end; an empty text stands for the one that the library describes.
    pub shutdown: Option<String>,
    /// A program that loads it, and its arguments.
    pub program: Vec<String>,
    /// Whether the dynamic loader is left alone.
    pub no_loader: bool,
    /// How long a step, or the program, may take.
    pub deadline: Option<String>,
}

/// How long a step may take, and how long a program, in milliseconds.
const STEP_MS: u64 = 10_000;
const PROGRAM_MS: u64 = 60_000;

/// What came of it.
pub struct Done {
    /// The time line.
    pub trace: Trace,
    /// The last that the process printed.
    pub printed: String,
    /// Where its threads were at the deadline.
    pub stacks: String,
}

/// What is to be watched.
///
/// # Errors
/// An option is wrong, or the file can't be read.
pub fn watch(request: &Request) -> Result<Watch> {
    let options = Options {
        library: request.library.clone(),
        calls: request.calls.clone(),
        setup: request.setup.clone(),
        shutdown: request.shutdown.clone().filter(|call| !call.is_empty()),
        ..Options::default()
    };
    let (plan, _) = session::planned(&options, &Config::default())?;
    if request.shutdown.is_some() && plan.shutdown.is_none() {
        return Err(Error::new(
            "the library does not say how it is shut down: --shutdown 'stop() -> i32 = 0'",
        ));
    }
    let usual = match request.program.is_empty() {
        true => STEP_MS,
        false => PROGRAM_MS,
    };
    let deadline = request.deadline.as_deref().map(session::time).transpose()?;
    Ok(Watch {
        plan,
        program: request.program.clone(),
        loader: !request.no_loader,
        shuts_down: request.shutdown.is_some(),
        deadline_ms: deadline.map_or(usual, |time| time.as_millis() as u64),
    })
}

/// Watches it, and draws what was seen.
///
/// # Errors
/// An option is wrong, the file can't be read, or no process can be made.
pub fn run(request: &Request) -> Result<Done> {
    let watch = watch(request)?;
    let seen: Seen = observe(&watch)?;
    if seen.end.is_none() {
        let what = match watch.program.first() {
            Some(program) => program.as_str(),
            None => "a process",
        };
        return Err(Error::new(format!("cannot start {what}: {}", seen.step)));
    }
    Ok(Done {
        trace: gather(&watch, &seen),
        printed: seen.printed,
        stacks: seen.stacks,
    })
}
