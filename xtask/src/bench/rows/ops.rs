//! What an async export costs: the time from its begin until its result is taken, and the memory of one that is open.

use std::path::PathBuf;

use anyhow::Result;

use super::{Bench, Measured, path, word};
use crate::bench::row::{Compare, Row, Side};
use crate::bench::sample::in_turns;

const ROUNDS: usize = 40;
/// Ops in each sample: some tenths of a second.
const COUNT: u32 = 32_000;
/// Ops that are open at once.
const OPEN: &str = "1000000";
/// The memory of so many ops hardly differs from run to run: the most of a few counts.
const OPEN_ROUNDS: usize = 3;

const PEER: &str = "task, channel and eventfd";

fn sides<'a>(bench: &Bench<'a>) -> [(&'a PathBuf, &'static str); 2] {
    [(&bench.built.ops, "bench"), (&bench.built.spawned, "hand")]
}

/// Of an op that is ready at once: the time until the host has its result.
pub fn ready(bench: &Bench) -> Result<Measured> {
    let sides = sides(bench);
    // The runtime's thread and the host's.
    let host = bench.on_two().unwrap_or_else(|| bench.on_one());
    let count = if bench.quick { COUNT / 10 } else { COUNT };
    let mut rows = Vec::new();
    for (case, how, at_once) in [
        ("one at a time, on a thread that takes", "take", "1"),
        ("one at a time, in a loop", "loop", "1"),
        ("64 at once, in a loop", "loop", "64"),
    ] {
        let [ours, theirs] = in_turns(bench.rounds(ROUNDS), |which| {
            let (library, whose) = sides[which];
            let words = [whose, how, &count.to_string(), at_once];
            let numbers = host.run("ops", [path(library)].into_iter().chain(words.map(word)))?;
            Ok(numbers.iter().map(|time| time / f64::from(count)).collect())
        })?;
        let (ours, theirs) = (ours.side("rt0", 0), theirs.side(PEER, 0));
        let id = ("async.op", case);
        rows.push(Row::new(id, "ns", Compare::Ratio, &ours, Some(&theirs)));
    }
    Ok(Measured::of(rows))
}

/// Of an op that is open: a future of 64 bytes, in one queue with all the others.
pub fn open(bench: &Bench) -> Result<Measured> {
    let sides = sides(bench);
    let host = bench.on_two().unwrap_or_else(|| bench.on_one());
    let rounds = if bench.quick { 1 } else { OPEN_ROUNDS };
    let taken = in_turns::<2>(rounds, |which| {
        let (library, whose) = sides[which];
        host.run("open", [path(library), word(whose), word(OPEN)])
    })?;
    let most = |which: usize, name| {
        let all = taken[which].column(0);
        Side::exact(name, all.into_iter().fold(f64::NAN, f64::max))
    };
    let (ours, theirs) = (most(0, "rt0"), most(1, PEER));
    let id = ("async.memory", "1,000,000 open ops");
    let row = Row::new(id, "B", Compare::Alone, &ours, Some(&theirs));
    Ok(Measured::of(vec![row]))
}
