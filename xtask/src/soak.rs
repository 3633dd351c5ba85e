//! `cargo xtask soak`: the tests that take too long for every change.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::run::{cargo, step, target, timed};
use crate::test::model;
use crate::{
    compare, compile_cost, cross, doctor_selftest, fuzz, miri, msrv, newcomer, package, sabotage,
    sanitize, stress,
};

/// Runs the models with one more forced switch, the host tests under the sanitizers, unit tests under Miri, random
/// hosts, a storm of calls and one of ops, the fuzzers, the sabotage of every protection, every processor, the minimum
/// Rust version, the READMEs in an empty Debian, a clean build's cost, every package by itself, and the doctor with its
/// planted faults, with libraries of Debian and with those of the comparison. Then repeats the host tests on a busy
/// machine, with more runs each, until the time is over.
///
/// # Errors
/// A test fails.
pub fn run(minutes: u64) -> Result<()> {
    let end = Instant::now() + Duration::from_secs(60 * minutes);
    step(
        "the models, with one more forced switch",
        model().env("RT0_MORE_SWITCHES", "1"),
    )?;
    sanitize::run(None)?;
    miri::run()?;
    stress::run(300, None)?;
    step(
        "a storm of calls, shutdowns and forks, for 600 s",
        cargo("test -p rt0-hosts --test stress storm -- --nocapture")
            .env("RT0_STORM_SECONDS", "600"),
    )?;
    step(
        "a storm of ops, shutdowns and forks, for 600 s",
        cargo("test -p rt0-hosts --test ops storm -- --nocapture").env("RT0_STORM_SECONDS", "600"),
    )?;
    fuzz::run(450, None)?;
    sabotage::run(&[], None)?;
    cross::run(cross::Options::default())?;
    msrv::run(true)?;
    newcomer::run()?;
    timed("what rt0 adds to a clean build", || compile_cost::run(3))?;
    step(
        "the pkg-config files, with every tool here that reads them",
        &mut cargo("test -p cargo-rt0 --test consumers -- --nocapture"),
    )?;
    doctor_selftest::run(&doctor_selftest::Options::default())?;
    step(
        "the doctor, with the examples",
        &mut cargo("test -p cargo-rt0 --test doctor_rt0 -- --ignored --nocapture"),
    )?;
    step(
        "the doctor, with twenty libraries of Debian",
        cargo("test -p cargo-rt0 --test doctor_debian -- --ignored --nocapture")
            .env("RT0_SOAK", "1"),
    )?;
    compare::run(&compare::Options {
        names: Vec::new(),
        jobs: 2,
        require_all: false,
        // The page in docs is of a run that somebody has looked at.
        out: target().join("compare/comparison.md"),
    })?;
    package::run(package::Options {
        full: true,
        release: false,
    })?;
    let mut rounds = 0;
    while rounds == 0 || Instant::now() < end {
        rounds += 1;
        busily(|| {
            step(
                &format!("the host tests, round {rounds}, beside busy processors"),
                cargo("test -p rt0-hosts --no-fail-fast --quiet").env("RT0_SOAK", "1"),
            )
        })?;
    }
    println!("{rounds} round(s) passed.");
    Ok(())
}

/// How many busy threads per processor compete with the tests.
const BUSY: usize = 4;

/// Keeps every processor busy while this runs.
fn busily<R>(run: impl FnOnce() -> R) -> R {
    let over = AtomicBool::new(false);
    let processors = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..BUSY * processors {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        let result = run();
        over.store(true, Ordering::Relaxed);
        result
    })
}
