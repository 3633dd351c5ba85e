//! What a load costs the host, and when the library is ready.

use std::path::Path;

use anyhow::{Context, Result};

use super::build::Built;
use super::figure::{Figure, Target};
use super::sample::{host, in_turns, processor, text};

const ROUNDS: usize = 200;
/// These take 20 ms each, because the host waits.
const READY_ROUNDS: usize = 60;
const GO_ROUNDS: usize = 60;

/// The position of each of the host's numbers.
const LOAD: usize = 0;
const FIRST_CALL: usize = 1;

/// The figures.
///
/// # Errors
/// A host fails.
pub fn figures(built: &Built) -> Result<Vec<Figure>> {
    let one = processor();
    let mut figures = Vec::new();
    for (cpu, where_) in [(one.as_str(), "one processor"), ("-1", "all processors")] {
        let [rt0, lazy, constructor] = in_turns(ROUNDS, |which| {
            let library = [&built.automatic, &built.lazy, &built.constructor][which];
            number(built, &["load", cpu, text(library)], LOAD)
        })?;
        let name = |peer| format!("dlopen, {peer}, {where_}");
        figures.push(
            Figure::new(&name("own constructor"), "ns", &rt0, &constructor)
                .with(Target::Ratio(1.25)),
        );
        figures.push(Figure::new(&name("no constructor"), "ns", &rt0, &lazy));

        let [rt0, lazy, constructor] = in_turns(ROUNDS, |which| {
            let (library, symbol) = [
                (&built.automatic, "bench_add"),
                (&built.lazy, "hand_add"),
                (&built.constructor, "hand_add"),
            ][which];
            number(built, &["load", cpu, text(library), symbol], FIRST_CALL)
        })?;
        let name = |peer| format!("dlopen + first call, {peer}, {where_}");
        figures.push(Figure::new(&name("OnceLock"), "ns", &rt0, &lazy));
        figures.push(Figure::new(
            &name("own constructor"),
            "ns",
            &rt0,
            &constructor,
        ));

        let [rt0, constructor] = in_turns(READY_ROUNDS, |which| {
            let (library, symbol) = [
                (&built.automatic, "bench_report"),
                (&built.constructor, "hand_ready_at"),
            ][which];
            number(built, &["ready", cpu, text(library), symbol], 0)
        })?;
        let name = format!("dlopen until ready, own constructor, {where_}");
        figures.push(Figure::new(&name, "ns", &rt0, &constructor));
    }
    if let Some(go) = &built.go {
        let [rt0, go] = in_turns(GO_ROUNDS, |which| {
            let (library, symbol) = [(&built.automatic, "bench_add"), (go, "hand_add")][which];
            number(built, &["load", "-1", text(library), symbol], FIRST_CALL)
        })?;
        let name = "dlopen + first call, Go, all processors";
        figures.push(Figure::new(name, "ns", &rt0, &go));
    }
    Ok(figures)
}

fn number(built: &Built, arguments: &[&str], which: usize) -> Result<f64> {
    let numbers = host(Path::new(&built.host), arguments)?;
    numbers.get(which).copied().context("the host's number")
}
