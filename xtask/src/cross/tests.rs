//! Runs the tests for one target: `rt0-hosts` builds and runs them as usual, and reads from the environment
//! what is different.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};

use super::build::Build;
use super::outcome::{Outcome, Row};
use super::sysroot;
use super::targets::Target;
use super::wine::Wine;
use crate::results;
use crate::run::{root, target as target_dir};

/// The tests that every processor must pass: names of tests in `rt0-hosts/tests/platform/every_processor.rs`,
/// with `-` instead of `_`. Other tests that run get a row, too.
const NAMES: [&str; 12] = [
    "immediate-call",
    "slow-boot-does-not-block-load",
    "threads-at-gate",
    "arguments",
    "init-error",
    "init-panic",
    "boot-once",
    "signal-mask",
    "callee-saved",
    "fork-child-boots",
    "libc-free-thread",
    "shutdown-and-boot-again",
];

/// The tests for Windows, in `rt0-hosts/tests/windows.rs`. Tests of what Windows does not have are missing:
/// threads have no signal mask, processes do not fork, and a program without a C library is nothing special.
const WINDOWS_NAMES: [&str; 14] = [
    "immediate-call",
    "slow-boot-does-not-block-load",
    "threads-at-gate",
    "arguments",
    "init-error",
    "init-panic",
    "boot-once",
    "callee-saved",
    "shutdown-and-boot-again",
    "loader-lock-call",
    "pinned",
    "free-library",
    "process-exit",
    "async-exports",
];

/// The tests that this target must pass.
pub fn names(target: &Target) -> &'static [&'static str] {
    if target.is_windows() {
        &WINDOWS_NAMES
    } else {
        &NAMES
    }
}

/// Runs all of them.
///
/// # Errors
/// The tests themselves can't be built or run.
pub fn run(target: &'static Target, sysroot: &Path, build: &Build) -> Result<Vec<Row>> {
    println!("==> {}", target.triple);
    let dir = target_dir().join("cross");
    let skips = dir.join(format!("skips-{}", target.triple));
    let elsewhere = dir.join(format!("elsewhere-{}", target.triple));
    for file in [&skips, &elsewhere] {
        fs::write(file, "").with_context(|| format!("can't write {}", file.display()))?;
    }
    let mut command = build.tests(target);
    command
        .env("RT0_SKIPS", &skips)
        .env("RT0_ELSEWHERE", &elsewhere)
        .env("RT0_HOSTS_CC", target.compiler())
        .env("RT0_HOSTS_SLOWER", target.times_slower().to_string())
        .env("RT0_FOR_FIXTURES_CARGO_BUILD_TARGET", target.triple)
        .env(
            "RT0_FOR_FIXTURES_CARGO_ENCODED_RUSTFLAGS",
            flags(target, sysroot)?,
        )
        // Backtraces from another processor are not needed.
        .env("RT0_FOR_FIXTURES_CARGO_PROFILE_DEV_DEBUG", "0")
        .env(
            "RT0_FOR_HOSTS_WATCHER_THREADS",
            target.emulators_threads().to_string(),
        )
        // Here a skipped test is a row that says so.
        .env_remove("RT0_REQUIRE_ALL")
        .stderr(Stdio::inherit());
    let wine = target
        .is_windows()
        .then(|| Wine::start(target))
        .transpose()?;
    for (name, value) in wine.iter().flat_map(Wine::environment) {
        command.env(format!("RT0_FOR_HOSTS_{name}"), value);
    }
    if let Some(runner) = target.runner() {
        command.env("RT0_HOSTS_RUNNER", runner);
    }
    if target.is_static() {
        command.env("RT0_HOSTS_STATIC", "1");
    }
    if let Some(options) = target.link() {
        command.env("RT0_HOSTS_LINK", options);
    }
    let output = command.output().context("can't run cargo")?;
    let said = String::from_utf8_lossy(&output.stdout);
    print!("{said}");
    let mut results = HashMap::new();
    for (name, result) in results::each(&said) {
        // A row has the test's name without its module. If two modules have a test of the same name, a
        // failure of either counts.
        let test = name.rsplit("::").next().unwrap_or(name);
        let known = results.entry(test).or_insert((name, result));
        if known.1 == "ok" {
            *known = (name, result);
        }
    }
    ensure!(!results.is_empty(), "no test has run: {}", output.status);
    let skipped = fs::read_to_string(&skips)?;
    let elsewhere = fs::read_to_string(&elsewhere)?;
    let row = |name: String| {
        let test = name.replace('-', "_");
        let (outcome, why) = judge(&test, &results, &said, &skipped);
        // A test that found nothing to test on this target gets no row.
        let applies = outcome != Outcome::Pass || elsewhere.lines().all(|line| line != test);
        applies.then(|| Row::new(target.triple, name, outcome, why))
    };
    let more: BTreeSet<String> = results.keys().map(|name| name.replace('_', "-")).collect();
    let more = more
        .into_iter()
        .filter(|name| !names(target).contains(&name.as_str()));
    let all = names(target).iter().map(|name| (*name).to_owned());
    let mut rows: Vec<Row> = all.chain(more).filter_map(row).collect();
    let failed = rows.iter().any(|row| row.outcome == Outcome::Fail);
    if !output.status.success() && !failed {
        // A test that ends the whole program leaves no result for itself, nor for the tests after it.
        let why = format!("a test program ended early: {}", output.status);
        rows.push(Row::new(
            target.triple,
            "all-tests-come-to-an-end",
            Outcome::Fail,
            why,
        ));
    }
    Ok(rows)
}

fn judge(
    test: &str,
    results: &HashMap<&str, (&str, &str)>,
    said: &str,
    skipped: &str,
) -> (Outcome, String) {
    let why = skipped
        .lines()
        .find_map(|line| line.strip_prefix(test)?.strip_prefix(": "));
    match (results.get(test), why) {
        (Some((_, "ok")), None) => (Outcome::Pass, String::new()),
        (Some((_, "ok")), Some(why)) => (Outcome::Skipped, why.to_owned()),
        (Some((name, _)), _) => (Outcome::Fail, failure(name, said)),
        (None, _) => (Outcome::Skipped, "there is no such test yet".to_owned()),
    }
}

/// What the failed test with this full name printed.
fn failure(name: &str, said: &str) -> String {
    let begin = format!("---- {name} stdout ----\n");
    let text = said.split_once(&begin).map_or("", |(_, text)| text);
    let end = text.find("\n---- ").or_else(|| text.find("\nfailures:\n"));
    text[..end.unwrap_or(text.len())].trim().to_owned()
}

/// The compiler's flags, separated as cargo expects.
fn flags(target: &Target, sysroot: &Path) -> Result<String> {
    let sysroot = root().join(sysroot);
    let sysroot = sysroot.to_str().context("a path that is not text")?;
    let mut flags = vec!["--sysroot".to_owned(), sysroot.to_owned()];
    flags.extend(target.rust_flags(&sysroot::tools(target)?)?);
    Ok(flags.join("\u{1f}"))
}
