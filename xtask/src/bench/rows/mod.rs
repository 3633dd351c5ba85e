//! What is measured, one file for each kind of row.

mod call;
mod copies;
mod end;
mod fork;
mod instructions;
mod load;
mod ops;
mod pairs;
mod size;

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use anyhow::Result;

use super::build::Built;
use super::row::Row;
use super::sample::Host;

/// What every measurement uses.
pub struct Bench<'a> {
    /// The libraries, and the host.
    pub built: &'a Built,
    /// Take few samples.
    pub quick: bool,
    /// The processor to stay on: the last one, because the first has most other work.
    one: String,
    /// The last two processors, if there are two.
    two: Option<String>,
}

/// What came out.
#[derive(Default)]
pub struct Measured {
    /// The rows.
    pub rows: Vec<Row>,
    /// What could not be measured, and why.
    pub skipped: Vec<String>,
}

/// Rows that are measured together.
pub struct Group {
    /// Their names.
    pub rows: &'static [&'static str],
    /// Whether other programs would disturb it.
    pub timed: bool,
    /// Measures them.
    pub measure: fn(&Bench) -> Result<Measured>,
}

/// Rows with times, for which the machine must be quiet.
const fn timed(rows: &'static [&'static str], measure: fn(&Bench) -> Result<Measured>) -> Group {
    Group {
        rows,
        timed: true,
        measure,
    }
}

/// Rows that are the same on a busy machine.
const fn counted(rows: &'static [&'static str], measure: fn(&Bench) -> Result<Measured>) -> Group {
    Group {
        rows,
        timed: false,
        measure,
    }
}

/// All of them.
pub const GROUPS: &[Group] = &[
    timed(&["load.total.vs-go"], load::against_go),
    timed(
        &[
            "load.total.vs-oncelock",
            "load.total.vs-oncelock.same-link",
            "load.total.vs-constructor",
            "load.total.vs-constructor.same-link",
            "load.total.vs-limit",
            "load.dlopen.vs-constructor.same-link",
            "load.faults",
        ],
        load::total,
    ),
    timed(&["load.environment"], load::environment),
    counted(
        &[
            "call.state.instructions",
            "call.plain.instructions",
            "call.text.instructions",
        ],
        instructions::state,
    ),
    timed(&["call.state.vs-oncelock"], call::state),
    timed(&["call.plain"], call::plain),
    timed(&["call.text"], call::text),
    timed(&["fork.child-first-call"], fork::child),
    timed(&["fork.cost"], fork::cost),
    timed(&["exit.idle", "exit.busy"], end::exit),
    timed(&["shutdown.idle"], end::shutdown),
    timed(&["async.op"], ops::ready),
    counted(&["async.memory"], ops::open),
    timed(&["copies.50"], copies::waiting),
    counted(&["size.tokio.extra", "size.no-tokio.extra"], size::extra),
    counted(&["size.core-only"], size::core_only),
];

impl Group {
    /// What it measures, in a line.
    pub fn name(&self) -> String {
        self.rows.join(", ")
    }
}

impl<'a> Bench<'a> {
    /// With what was built.
    pub fn new(built: &'a Built, quick: bool) -> Bench<'a> {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
        let usable = processors(line.unwrap_or("0"));
        let last = |count: usize| {
            let some = &usable[usable.len().checked_sub(count)?..];
            Some(
                some.iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(","),
            )
        };
        Bench {
            built,
            quick,
            one: last(1).unwrap_or_else(|| "0".to_owned()),
            two: last(2),
        }
    }

    /// The host on one processor.
    pub fn on_one(&self) -> Host<'a> {
        Host::new(&self.built.host, &self.one)
    }

    /// The host on two processors.
    fn on_two(&self) -> Option<Host<'a>> {
        Some(Host::new(&self.built.host, self.two.as_ref()?))
    }

    /// How many rounds to take, if it is `full` in a run that counts.
    fn rounds(&self, full: usize) -> usize {
        if self.quick { 5 } else { full }
    }
}

impl Measured {
    /// These rows, and nothing skipped.
    fn of(rows: Vec<Row>) -> Measured {
        Measured {
            rows,
            skipped: Vec::new(),
        }
    }

    /// Says that something could not be measured.
    fn skip(&mut self, what: &str, why: &str) {
        self.skipped.push(format!("{what}: {why}"));
    }
}

/// What is said where two processors are needed.
const ONE_ONLY: &str = "there is only one processor";
/// What is said where Go is needed.
const NO_GO: &str = "there is no Go compiler";

/// The numbers in a list such as `0-2,5`.
fn processors(list: &str) -> Vec<usize> {
    let range = |part: &str| {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        Some(from.trim().parse().ok()?..=to.trim().parse().ok()?)
    };
    list.split(',').filter_map(range).flatten().collect()
}

fn path(path: &Path) -> &OsStr {
    path.as_os_str()
}

fn word(word: &str) -> &OsStr {
    OsStr::new(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_processors_are_read() {
        assert_eq!(processors("\t0-2,5"), [0, 1, 2, 5]);
        assert_eq!(processors("7"), [7]);
        assert_eq!(processors(""), [0usize; 0]);
    }
}
