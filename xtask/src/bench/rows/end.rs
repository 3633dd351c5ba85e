//! How long the end of the process takes, and a shutdown.

use anyhow::Result;

use super::{Bench, Measured, ONE_ONLY, path, word};
use crate::bench::row::{Compare, Row};
use crate::bench::sample::{Host, in_turns};

const ROUNDS: usize = 60;
const PEER: &str = "constructor, same link";
const CASE: &str = "against the constructor's";

/// From `exit` to the end of the process, with nothing to do and with calls on two threads.
pub fn exit(bench: &Bench) -> Result<Measured> {
    let mut measured = Measured::default();
    let idle = ends(bench, &bench.on_one(), "exit.idle", Some("0"))?;
    measured.rows.push(idle);
    match bench.on_two() {
        Some(host) => {
            let busy = ends(bench, &host, "exit.busy", Some("2"))?;
            measured.rows.push(busy);
        }
        None => measured.skip("exit.busy", ONE_ONLY),
    }
    Ok(measured)
}

/// Of a library in which nothing runs.
pub fn shutdown(bench: &Bench) -> Result<Measured> {
    let row = ends(bench, &bench.on_one(), "shutdown.idle", None)?;
    Ok(Measured::of(vec![row]))
}

/// An exit, while so many threads call; or a shutdown.
fn ends(bench: &Bench, host: &Host, id: &str, threads: Option<&str>) -> Result<Row> {
    let sides = [
        (
            &bench.built.rt0,
            ["bench_add", "bench_number", "bench_shutdown"],
        ),
        (
            &bench.built.constructor.same_link,
            ["hand_add", "hand_number", "hand_shutdown"],
        ),
    ];
    let [ours, theirs] = in_turns(bench.rounds(ROUNDS), |which| {
        let (library, [add, number, shutdown]) = sides[which];
        let (library, add) = (path(library), word(add));
        match threads {
            Some(threads) => host.run("exit", [library, add, word(number), word(threads)]),
            None => host.run("shutdown", [library, add, word(shutdown)]),
        }
    })?;
    let (ours, theirs) = (ours.side("rt0", 0), theirs.side(PEER, 0));
    Ok(Row::new(
        (id, CASE),
        "ns",
        Compare::Ratio,
        &ours,
        Some(&theirs),
    ))
}
