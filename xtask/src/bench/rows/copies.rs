//! What fifty copies of the library take in one process while they wait.

use anyhow::Result;

use super::{Bench, Measured, NO_GO, path, word};
use crate::bench::build::copies;
use crate::bench::row::{Compare, Row, Side};
use crate::bench::sample::in_turns;

const ROUNDS: usize = 30;
const COPIES: usize = 50;

/// The host's numbers.
const MEMORY: usize = 0;
const THREADS: usize = 1;

/// Resident memory, and threads.
pub fn waiting(bench: &Bench) -> Result<Measured> {
    let built = bench.built;
    let mut measured = Measured::default();
    let mut sides = vec![
        ("rt0", "bench_add", copies(&built.rt0, COPIES)?),
        (
            "constructor, same link",
            "hand_add",
            copies(&built.constructor.same_link, COPIES)?,
        ),
        (
            "constructor",
            "hand_add",
            copies(&built.constructor.usual, COPIES)?,
        ),
    ];
    match &built.go {
        Some(go) => sides.push((&go.name, "hand_add", copies(&go.library, COPIES)?)),
        None => measured.skip("copies.50, memory against Go's", NO_GO),
    }
    let host = bench.on_two().unwrap_or_else(|| bench.on_one());
    let taken = in_turns::<4>(bench.rounds(ROUNDS), |which| {
        let Some((_, add, copies)) = sides.get(which) else {
            return Ok(Vec::new());
        };
        host.run(
            "copies",
            [word(add)]
                .into_iter()
                .chain(copies.files.iter().map(|copy| path(copy))),
        )
    })?;
    let side = |which: usize, number| -> Side { taken[which].side(sides[which].0, number) };
    let mut row = |case, unit, compare, peer, number| {
        let (ours, theirs) = (side(0, number), side(peer, number));
        measured.rows.push(Row::new(
            ("copies.50", case),
            unit,
            compare,
            &ours,
            Some(&theirs),
        ));
    };
    if built.go.is_some() {
        row("memory against Go's", "KB", Compare::Ratio, 3, MEMORY);
    }
    row(
        "memory against the constructor's",
        "KB",
        Compare::Ratio,
        1,
        MEMORY,
    );
    row(
        "memory against the constructor's, as authors link",
        "KB",
        Compare::Ratio,
        2,
        MEMORY,
    );
    row("threads", "threads", Compare::Alone, 1, THREADS);
    Ok(measured)
}
