//! From what was seen to lanes of bars.
//!
//! | what was seen | here |
//! |---|---|
//! | the report of a library built with rt0 | [`report`] |
//! | the dynamic loader's words | [`loader`] |
//! | the load and the start | [`start`] |
//! | the shutdown, and the exit of the process | [`end`] |
//! | how it ended, and what else there is to say | [`outcome`] |

mod end;
mod lane;
mod loader;
mod names;
mod outcome;
mod report;
mod start;
mod threads;

use rt0_doctor::observed::{Seen, Watch};

use self::report::Life;
use crate::model::Trace;

/// The trace of what was seen.
pub fn gather(watch: &Watch, seen: &Seen) -> Trace {
    let life = Life::read(watch, seen);
    let words = loader::words(watch, seen, &life);
    let mut parts = Vec::new();
    let mut zero = seen.started;
    if let Some(start) = start::part(watch, seen, &life, &words) {
        zero = start.zero;
        parts.push(start);
    }
    parts.extend(end::part(watch, seen, &life));
    for part in &mut parts {
        part.zero = part.zero.saturating_sub(zero);
    }
    let path = watch.plan.library.as_path();
    Trace {
        library: names::file_name(path),
        about: outcome::about(watch),
        problem: outcome::problem(watch, seen, &life),
        notes: outcome::notes(watch, seen, &life, &words, zero),
        parts,
        process: (seen.process, outcome::process_name(watch)),
        threads: threads::names(seen),
    }
}
