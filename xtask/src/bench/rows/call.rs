//! What a call costs once the library is ready.

use std::path::Path;

use anyhow::Result;

use super::pairs::{PLAIN, Pair, STATE, TEXT};
use super::{Bench, Measured, ONE_ONLY, path, word};
use crate::bench::build::copies;
use crate::bench::row::{Compare, Row, Side};
use crate::bench::sample::{Host, Taken, in_turns};

const ROUNDS: usize = 40;
/// Calls on each thread: some hundredths of a second.
const COUNT: u32 = 10_000_000;

/// Both sides: the time of one call, in nanoseconds. The last library of each is the one that is called.
fn sides<P: AsRef<Path>>(
    bench: &Bench,
    host: &Host,
    pair: &Pair,
    threads: &str,
    libraries: [&[P]; 2],
) -> Result<[Side; 2]> {
    let count = if bench.quick { COUNT / 10 } else { COUNT };
    let text = count.to_string();
    let [rt0, peer]: [Taken; 2] = in_turns(bench.rounds(ROUNDS), |which| {
        let symbol = [pair.rt0, pair.peer][which];
        let words = [pair.kind, symbol, &text, threads].map(word);
        let libraries = libraries[which]
            .iter()
            .map(|library| path(library.as_ref()));
        let numbers = host.run("call", words.into_iter().chain(libraries))?;
        Ok(numbers
            .iter()
            .map(|nanoseconds| nanoseconds / f64::from(count))
            .collect())
    })?;
    Ok([rt0.side("rt0", 0), peer.side(pair.name, 0)])
}

fn row(id: &str, case: &str, [ours, theirs]: &[Side; 2]) -> Row {
    Row::new((id, case), "ns", Compare::Ratio, ours, Some(theirs))
}

/// A call with nothing but the look at the gate.
pub fn plain(bench: &Bench) -> Result<Measured> {
    simple(bench, "call.plain", &PLAIN)
}

/// A call with a text.
pub fn text(bench: &Bench) -> Result<Measured> {
    simple(bench, "call.text", &TEXT)
}

fn simple(bench: &Bench, id: &str, pair: &Pair) -> Result<Measured> {
    let libraries = [[&bench.built.rt0], [&bench.built.lazy.usual]];
    let libraries = [&libraries[0][..], &libraries[1][..]];
    let sides = sides(bench, &bench.on_one(), pair, "1", libraries)?;
    Ok(Measured::of(vec![row(id, "1 thread", &sides)]))
}

/// A call with the state, also where thread-locals are slow.
pub fn state(bench: &Bench) -> Result<Measured> {
    const ID: &str = "call.state.vs-oncelock";
    let built = bench.built;
    let one = [[&built.rt0], [&built.lazy.usual]];
    let one = [&one[0][..], &one[1][..]];
    let many = [copies(&built.rt0, 20)?, copies(&built.lazy.usual, 20)?];
    let many = [&many[0].files[..], &many[1].files[..]];
    let mut measured = Measured::default();
    let host = bench.on_one();
    let mut add = |case, sides: [Side; 2]| measured.rows.push(row(ID, case, &sides));
    add("1 thread", sides(bench, &host, &STATE, "1", one)?);
    match bench.on_two() {
        Some(host) => add("2 threads", sides(bench, &host, &STATE, "2", one)?),
        None => measured.skip("call.state.vs-oncelock, 2 threads", ONE_ONLY),
    }
    let mut add = |case, sides: [Side; 2]| measured.rows.push(row(ID, case, &sides));
    add("20th copy", sides(bench, &host, &STATE, "1", many)?);
    let host = host.without_static_tls();
    add("no static TLS left", sides(bench, &host, &STATE, "1", one)?);
    Ok(measured)
}
