//! How many instructions a call takes, counted by valgrind's callgrind: the same number every time.

use std::path::Path;

use anyhow::Result;

use super::pairs::{PLAIN, Pair, STATE, TEXT};
use super::{Bench, Measured, path, word};
use crate::bench::row::{Compare, Row, Side};
use crate::bench::sample::Host;
use crate::bench::valgrind;

/// Two runs differ by this many calls, so that the rest of the process cancels out.
const CALLS: u32 = 100_000;

/// Calls with the state; and the others, for information.
pub fn state(bench: &Bench) -> Result<Measured> {
    let mut measured = Measured::default();
    if !valgrind::there() {
        measured.skip("call.state.instructions", valgrind::MISSING);
        return Ok(measured);
    }
    for (id, case, pair, host) in [
        ("call.state.instructions", "usual", &STATE, bench.on_one()),
        (
            "call.state.instructions",
            "no static TLS left",
            &STATE,
            bench.on_one().without_static_tls(),
        ),
        ("call.plain.instructions", "usual", &PLAIN, bench.on_one()),
        ("call.text.instructions", "usual", &TEXT, bench.on_one()),
    ] {
        let ours = Side::exact("rt0", per_call(&host, &bench.built.rt0, pair.rt0, pair)?);
        let theirs = per_call(&host, &bench.built.lazy.usual, pair.peer, pair)?;
        let theirs = Side::exact(pair.name, theirs);
        let row = Row::new(
            (id, case),
            "instr.",
            Compare::Difference,
            &ours,
            Some(&theirs),
        );
        measured.rows.push(row);
    }
    Ok(measured)
}

/// The instructions of a call, with the loop around it.
fn per_call(host: &Host, library: &Path, symbol: &str, pair: &Pair) -> Result<f64> {
    let toggle = format!("measured_{}", pair.kind);
    let count = |calls: u32| {
        let calls = calls.to_string();
        let words = [pair.kind, symbol, &calls, "1"].map(word);
        host.instructions(
            Some(&toggle),
            "call",
            words.into_iter().chain([path(library)]),
        )
    };
    let more = count(2 * CALLS)? - count(CALLS)?;
    Ok((more / f64::from(CALLS) * 10.0).round() / 10.0)
}
