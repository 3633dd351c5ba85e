//! What a call costs once the library is ready.

use std::path::Path;

use anyhow::{Context, Result};

use super::build::Built;
use super::figure::Figure;
use super::sample::{host, in_turns, processor, text};

const ROUNDS: usize = 20;
const COUNT: u64 = 10_000_000;

/// An export, and what an author would write by hand.
pub struct Pair {
    /// What it does.
    pub name: &'static str,
    /// The symbol with rt0.
    pub rt0: &'static str,
    /// The symbol without rt0.
    pub peer: &'static str,
    /// How the host calls it.
    pub kind: &'static str,
}

/// The exports of `bench/`.
pub const PAIRS: [Pair; 3] = [
    Pair {
        name: "two numbers, ungated",
        rt0: "bench_add",
        peer: "ungated_add",
        kind: "add",
    },
    Pair {
        name: "text and Result, ungated",
        rt0: "bench_length",
        peer: "ungated_length",
        kind: "length",
    },
    Pair {
        name: "state, OnceLock",
        rt0: "bench_number",
        peer: "hand_number",
        kind: "number",
    },
];

/// The figures.
///
/// # Errors
/// A host fails.
pub fn figures(built: &Built) -> Result<Vec<Figure>> {
    let one = processor();
    let mut figures = Vec::new();
    for pair in &PAIRS {
        for (threads, cpu) in [("1", one.as_str()), ("2", "-1")] {
            let [rt0, peer] = in_turns(ROUNDS, |which| {
                let (library, symbol) =
                    [(&built.automatic, pair.rt0), (&built.lazy, pair.peer)][which];
                per_call(built, library, symbol, pair.kind, cpu, threads)
            })?;
            let name = format!("call, {}, {threads} thread(s)", pair.name);
            figures.push(Figure::new(&name, "ns", &rt0, &peer));
        }
    }
    if let Some(go) = &built.go {
        let [rt0, go] = in_turns(ROUNDS / 4, |which| {
            let (library, symbol) = [(&built.automatic, "bench_add"), (go, "hand_add")][which];
            per_call(built, library, symbol, "add", "-1", "1")
        })?;
        figures.push(Figure::new("call, Go, 1 thread", "ns", &rt0, &go));
    }
    Ok(figures)
}

fn per_call(
    built: &Built,
    library: &Path,
    symbol: &str,
    kind: &str,
    cpu: &str,
    threads: &str,
) -> Result<f64> {
    let count = COUNT.to_string();
    let arguments = ["call", cpu, text(library), symbol, kind, &count, threads];
    let numbers = host(&built.host, &arguments)?;
    Ok(numbers.first().context("the host's number")? / COUNT as f64)
}
