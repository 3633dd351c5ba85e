//! The targets whose programs can't run here: they are only compiled.
//!
//! Each has two rows. `clippy` checks the whole library with tokio, but not its assembly; `assembly` compiles
//! the core to object files. Neither links anything. For systems other than Linux there is `tests`, which checks whatever
//! `cargo test` would run there: the program for a first run, the host tests, the tool and its tests. For Apple's systems
//! and Android there is `linked`.
//! Targets without support must say so: `refused`.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, available_parallelism};
use std::time::Instant;

use anyhow::{Context, Result};

use super::linked;
use super::outcome::{self, Outcome, Row};
use crate::run::{cargo, target as target_dir};
use crate::std_source;

/// Rust's names of the targets.
pub const CHECKED: &[&str] = &[
    "powerpc64-unknown-linux-gnu",
    "aarch64-linux-android",
    "armv7-linux-androideabi",
    "x86_64-unknown-freebsd",
    "x86_64-unknown-openbsd",
    "x86_64-unknown-netbsd",
    "aarch64-apple-darwin",
    "x86_64-apple-darwin",
    "x86_64-pc-windows-msvc",
];

/// Targets without support: a processor whose assembly Rust does not know, and an operating system.
pub const REFUSED: &[&str] = &["mips-unknown-linux-gnu", "x86_64-unknown-illumos"];

/// The only error that those targets give.
const SENTENCE: &str =
    "error: rt0 does not support this target yet: docs/platforms.md lists those that it does";

/// The rows of these targets. Most of the time one compiler builds std, which nothing else can be built beside: so
/// there is a lane for each processor, with a folder of its own.
///
/// # Errors
/// The standard library's sources can't be had.
pub fn all(triples: &[&'static str]) -> Result<Vec<Row>> {
    if triples.is_empty() {
        return Ok(Vec::new());
    }
    std_source::find()?;
    let lanes = available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let lane = |lane: usize| {
        let dir = target_dir().join(format!("cross/checked-{lane}"));
        let mut found = Vec::new();
        // Relaxed: only the number matters.
        while let Some(triple) = triples.get(next.fetch_add(1, Ordering::Relaxed)) {
            let start = Instant::now();
            let rows = one(triple, &dir);
            let (lines, seconds) = (outcome::lines(&rows), start.elapsed().as_secs());
            print!("==> {triple}\n{lines}    {triple}: {seconds} s\n");
            found.extend(rows);
        }
        found
    };
    Ok(thread::scope(|scope| {
        let lanes: Vec<_> = (0..lanes).map(|at| scope.spawn(move || lane(at))).collect();
        let rows = lanes.into_iter().flat_map(|lane| match lane.join() {
            Ok(rows) => rows,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        rows.collect()
    }))
}

fn one(triple: &'static str, dir: &Path) -> Vec<Row> {
    if REFUSED.contains(&triple) {
        refused(triple, dir)
    } else {
        run(triple, dir)
    }
}

/// The row of a target without support: it must fail to compile, only for that reason.
fn refused(triple: &'static str, dir: &Path) -> Vec<Row> {
    let check = cargo("check --quiet -p rt0-core -Zbuild-std=core --target");
    let (outcome, why) = match complaints(check, triple, "", dir) {
        Ok(Some(said)) if is_refusal(&said) => (Outcome::Pass, String::new()),
        Ok(Some(said)) => failed(said),
        Ok(None) => (Outcome::Fail, "it compiles".to_owned()),
        Err(error) => (Outcome::Skipped, format!("{error:#}")),
    };
    vec![Row::new(triple, "refused", outcome, why)]
}

fn is_refusal(said: &str) -> bool {
    let errors = said.lines().filter(|line| line.starts_with("error"));
    // The last one is cargo's summary.
    let errors: Vec<_> = errors.collect();
    errors.len() == 2 && errors[0] == SENTENCE
}

/// The rows of this target.
fn run(triple: &'static str, dir: &Path) -> Vec<Row> {
    // If thread-locals are keys of the C library, clippy blames us for what std's own macro does.
    let clippy = cargo("clippy --quiet -p rt0-core -p rt0 -Zbuild-std=std,panic_unwind --target");
    let assembly = cargo("build --quiet -p rt0-core -Zbuild-std=core --target");
    let tests = cargo(
        "check --quiet --tests -p rt0-native -p rt0-hosts -p cargo-rt0 -Zbuild-std=std,panic_unwind --target",
    );
    let is_linux = triple.contains("-linux-gnu");
    let rows = [
        (
            "clippy",
            clippy,
            "-- -D warnings -A clippy::missing_const_for_thread_local",
        ),
        ("assembly", assembly, ""),
        ("tests", tests, ""),
    ];
    let rows = rows
        .into_iter()
        .filter(|(test, ..)| *test != "tests" || !is_linux);
    let mut rows: Vec<_> = rows
        .map(|(test, command, more)| {
            let (outcome, why) = match complaints(command, triple, more, dir) {
                Ok(None) => (Outcome::Pass, String::new()),
                Ok(Some(said)) => failed(said),
                Err(error) => (Outcome::Skipped, format!("{error:#}")),
            };
            Row::new(triple, test, outcome, why)
        })
        .collect();
    if linked::is_for(triple) {
        rows.push(linked(triple, dir));
    }
    rows
}

/// The row of a library that is linked, and looked at.
fn linked(triple: &'static str, dir: &Path) -> Row {
    let (outcome, why) = match linked::missing(triple) {
        Some(missing) => (Outcome::Skipped, missing),
        None => match linked::check(triple, dir) {
            Ok(()) => (Outcome::Pass, String::new()),
            Err(error) => failed(format!("{error:#}\n")),
        },
    };
    Row::new(triple, "linked", outcome, why)
}

fn failed(said: String) -> (Outcome, String) {
    eprint!("{said}");
    (Outcome::Fail, said)
}

/// The compiler's messages, or `None` if it succeeds.
///
/// # Errors
/// It can't be run.
fn complaints(
    mut command: Command,
    triple: &str,
    more: &str,
    dir: &Path,
) -> Result<Option<String>> {
    let output = command
        .arg(triple)
        .args(more.split_whitespace())
        .env("CARGO_TARGET_DIR", dir)
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("__CARGO_TESTS_ONLY_SRC_ROOT", std_source::find()?)
        .stdout(Stdio::inherit())
        .output()
        .context("can't run cargo")?;
    let said = String::from_utf8_lossy(&output.stderr);
    Ok((!output.status.success()).then(|| said.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::{SENTENCE, is_refusal};

    #[test]
    fn a_refusal_is_one_sentence() {
        let end = "error: could not compile `rt0-core` (lib) due to 1 previous error";
        assert!(is_refusal(&format!("{SENTENCE}\n --> a\n\n{end}\n")));
        assert!(!is_refusal(&format!(
            "{SENTENCE}\nerror[E0658]: asm\n{end}\n"
        )));
        assert!(!is_refusal(&format!("error: another\n{end}\n")));
    }
}
