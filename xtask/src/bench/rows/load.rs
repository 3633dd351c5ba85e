//! From before dlopen to the first answer: the time, the page faults, the instructions.

use std::ffi::OsStr;
use std::path::Path;

use anyhow::Result;

use super::{Bench, Measured, NO_GO, ONE_ONLY, path, word};
use crate::bench::row::{Compare, Row, Side};
use crate::bench::sample::{Host, Taken, in_turns};
use crate::bench::statistics::median;
use crate::bench::valgrind;

const ROUNDS: usize = 100;
const GO_ROUNDS: usize = 60;

/// The host's numbers.
const DLOPEN: usize = 0;
const TOTAL: usize = 1;
const FAULTS_IN_DLOPEN: usize = 2;
const FAULTS: usize = 3;

/// A library, and its function to call first.
#[derive(Clone, Copy)]
struct Loaded<'a> {
    name: &'a str,
    library: &'a Path,
    add: &'static str,
}

impl Loaded<'_> {
    fn sample(&self, host: &Host) -> Result<Vec<f64>> {
        host.run("load", [path(self.library), word(self.add)])
    }

    fn side(&self, taken: &Taken, number: usize, instructions: Option<f64>) -> Side {
        let faults = (number == TOTAL).then(|| taken.median(FAULTS));
        taken.side(self.name, number).counted(faults, instructions)
    }
}

fn rt0<'a>(bench: &Bench<'a>) -> Loaded<'a> {
    Loaded {
        name: "rt0",
        library: &bench.built.rt0,
        add: "bench_add",
    }
}

fn by_hand<'a>(name: &'a str, library: &'a Path) -> Loaded<'a> {
    Loaded {
        name,
        library,
        add: "hand_add",
    }
}

fn limit<'a>(bench: &Bench<'a>) -> Loaded<'a> {
    Loaded {
        name: "limit in C",
        library: &bench.built.limit,
        add: "limit_add",
    }
}

/// The instructions of the whole process, all threads.
fn instructions(bench: &Bench, arguments: &[&OsStr]) -> Result<f64> {
    let host = bench.on_one();
    let counts =
        (0..if bench.quick { 1 } else { 3 }).map(|_| host.instructions(None, "load", arguments));
    Ok(median(&counts.collect::<Result<Vec<f64>>>()?))
}

/// Against the peers in Rust and in C.
pub fn total(bench: &Bench) -> Result<Measured> {
    let built = bench.built;
    let sides = [
        rt0(bench),
        by_hand("OnceLock", &built.lazy.usual),
        by_hand("OnceLock, same link", &built.lazy.same_link),
        by_hand("constructor", &built.constructor.usual),
        by_hand("constructor, same link", &built.constructor.same_link),
        limit(bench),
    ];
    let mut measured = Measured::default();
    let mut counts = [None; 6];
    if valgrind::there() {
        // What the process takes that loads nothing.
        let alone = instructions(bench, &[])?;
        for (count, side) in counts.iter_mut().zip(&sides) {
            *count = Some(instructions(bench, &[path(side.library), word(side.add)])? - alone);
        }
    } else {
        measured.skip("the instructions of a load", valgrind::MISSING);
    }
    for (host, case) in [
        (Some(bench.on_one()), "1 processor"),
        (bench.on_two(), "2 processors"),
    ] {
        let Some(host) = host else {
            measured.skip("load.total, 2 processors", ONE_ONLY);
            continue;
        };
        let taken: [Taken; 6] = in_turns(bench.rounds(ROUNDS), |which| sides[which].sample(&host))?;
        let side = |which: usize, number| sides[which].side(&taken[which], number, None);
        let counted = |which: usize| sides[which].side(&taken[which], TOTAL, counts[which]);
        for (id, peer) in [
            ("load.total.vs-oncelock", 1),
            ("load.total.vs-oncelock.same-link", 2),
            ("load.total.vs-constructor", 3),
            ("load.total.vs-constructor.same-link", 4),
            ("load.total.vs-limit", 5),
        ] {
            let (ours, theirs) = (counted(0), counted(peer));
            measured.rows.push(Row::new(
                (id, case),
                "ns",
                Compare::Ratio,
                &ours,
                Some(&theirs),
            ));
        }
        let id = ("load.dlopen.vs-constructor.same-link", case);
        let (ours, theirs) = (side(0, DLOPEN), side(4, DLOPEN));
        measured
            .rows
            .push(Row::new(id, "ns", Compare::Ratio, &ours, Some(&theirs)));
        if case == "1 processor" {
            for (case, number) in [
                ("in dlopen", FAULTS_IN_DLOPEN),
                ("to the first answer", FAULTS),
            ] {
                let (ours, theirs) = (side(0, number), side(5, number));
                let id = ("load.faults", case);
                measured
                    .rows
                    .push(Row::new(id, "faults", Compare::Alone, &ours, Some(&theirs)));
            }
        }
    }
    Ok(measured)
}

/// Against the newest Go.
pub fn against_go(bench: &Bench) -> Result<Measured> {
    let mut measured = Measured::default();
    let Some(go) = &bench.built.go else {
        measured.skip("load.total.vs-go", NO_GO);
        return Ok(measured);
    };
    let sides = [rt0(bench), by_hand(&go.name, &go.library)];
    for (host, case) in [
        (Some(bench.on_one()), "1 processor"),
        (bench.on_two(), "2 processors"),
    ] {
        let Some(host) = host else {
            measured.skip("load.total.vs-go, 2 processors", ONE_ONLY);
            continue;
        };
        let [ours, theirs] = in_turns(bench.rounds(GO_ROUNDS), |which| sides[which].sample(&host))?;
        let (ours, theirs) = (
            sides[0].side(&ours, TOTAL, None),
            sides[1].side(&theirs, TOTAL, None),
        );
        let id = ("load.total.vs-go", case);
        measured
            .rows
            .push(Row::new(id, "ns", Compare::Ratio, &ours, Some(&theirs)));
    }
    Ok(measured)
}

/// With a large environment over a small one; and what that costs libraries that never look at it, because a process
/// with a large environment is slower in other ways.
pub fn environment(bench: &Bench) -> Result<Measured> {
    let sides = [
        (rt0(bench), "64 KB against 1 KB"),
        (
            by_hand("constructor, same link", &bench.built.constructor.same_link),
            "the same for the constructor's",
        ),
        (limit(bench), "the same for the limit in C"),
    ];
    let hosts = [64, 1].map(|kilobytes| bench.on_one().with(variables(kilobytes)));
    let taken: [Taken; 6] = in_turns(bench.rounds(ROUNDS), |which| {
        sides[which / 2].0.sample(&hosts[which % 2])
    })?;
    let side = |which: usize, size: &str| {
        let (taken, name) = (&taken[which], sides[which / 2].0.name);
        let counted = taken.side(&format!("{name}, {size}"), TOTAL);
        counted.counted(Some(taken.median(FAULTS)), None)
    };
    let rows = sides.iter().enumerate().map(|(which, (_, case))| {
        let (large, small) = (side(2 * which, "64 KB"), side(2 * which + 1, "1 KB"));
        let id = ("load.environment", *case);
        Row::new(id, "ns", Compare::Ratio, &large, Some(&small))
    });
    Ok(Measured::of(rows.collect()))
}

/// Variables that take so much room, 64 bytes each.
fn variables(kilobytes: usize) -> Vec<(String, String)> {
    let variable = |n| (format!("VARIABLE_{n:05}"), "x".repeat(64 - 14 - 2));
    (0..kilobytes * 1000 / 64).map(variable).collect()
}

#[cfg(test)]
mod tests {
    use super::variables;

    #[test]
    fn the_environment_has_the_size_that_it_should_have() {
        let size = |kilobytes| -> usize {
            let bytes = variables(kilobytes)
                .into_iter()
                .map(|(name, value)| name.len() + value.len() + 2);
            bytes.sum()
        };
        assert_eq!((size(1), size(64)), (15 * 64, 64_000));
    }
}
