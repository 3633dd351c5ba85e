//! `cargo xtask sabotage`: takes out one protection after the other, and checks that exactly the expected
//! tests fail.
//!
//! - `expected.rs`: which tests those are.
//! - `wrapper.rs`: the compiler that leaves out a protection.

mod expected;
mod wrapper;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};

pub use self::wrapper::wrapper;

use self::expected::{EXPECTED, Expected, WINDOWS};
use crate::part::Part;
use crate::run::target;
use crate::{host_tests, results};

/// Runs these switches, or all if none is named; with `part`, every N-th of them.
///
/// # Errors
/// A test that should fail does not, another test fails, or something can't be built.
pub fn run(names: &[String], part: Option<Part>) -> Result<()> {
    for name in names {
        ensure!(
            EXPECTED.iter().any(|expected| expected.switch == name),
            "there is no switch `{name}`; there are: {}",
            rt0_core::sabotage::ALL.join(", ")
        );
    }
    for switch in rt0_core::sabotage::ALL {
        ensure!(
            EXPECTED.iter().any(|expected| expected.switch == *switch),
            "`sabotage/expected.rs` does not say which tests notice the switch `{switch}`"
        );
    }
    let mut wrong = 0;
    let chosen = EXPECTED
        .iter()
        .filter(|expected| names.is_empty() || names.iter().any(|name| name == expected.switch));
    let chosen: Vec<_> = chosen
        .enumerate()
        .filter(|(at, _)| part.as_ref().is_none_or(|part| part.has(*at)))
        .collect();
    for (_, expected) in &chosen {
        // A wrong result gets a second chance: some tests depend on a moment that does not come in every run,
        // and others fail if the machine stands still for seconds.
        wrong += usize::from(!check(expected)? && !check(expected)?);
    }
    ensure!(
        wrong == 0,
        "{wrong} switch(es) failed other tests than expected"
    );
    println!(
        "{} switch(es), each noticed by exactly the expected tests.",
        chosen.len()
    );
    Ok(())
}

/// Runs the tests of one switch and compares the results. False if the tests that fail are not the expected
/// ones.
fn check(expected: &Expected) -> Result<bool> {
    let start = Instant::now();
    println!("==> without: {}", expected.switch);
    let dir = target().join("sabotage").join(expected.switch);
    fs::create_dir_all(&dir).with_context(|| format!("can't make {}", dir.display()))?;
    let mut red = BTreeSet::new();
    let mut green = 0;
    let (windows, here): (Vec<_>, Vec<_>) = expected
        .modules
        .iter()
        .partition(|module| **module == WINDOWS);
    let mut runs = Vec::new();
    if !windows.is_empty() {
        runs.push((windows, cross("x86_64-pc-windows-gnu", expected.switch)?));
    }
    if !here.is_empty() {
        let tests = host_tests_of(&here, &dir, expected.switch)?;
        runs.push((here, tests));
    }
    for (modules, mut tests) in runs {
        let output = tests.output().context("can't run cargo")?;
        let text = String::from_utf8_lossy(&output.stdout);
        for (name, result) in results::each(&text) {
            match result {
                "ok" => green += 1,
                "FAILED" => {
                    red.insert(name.to_owned());
                }
                _ => {}
            }
        }
        for module in modules {
            let prefix = host_tests::prefix(module).unwrap_or_default();
            let ran = results::each(&text).any(|(name, _)| name.starts_with(&prefix));
            if !ran {
                bail!("{module}: {}", String::from_utf8_lossy(&output.stderr));
            }
        }
    }
    let wanted: BTreeSet<_> = expected.red.iter().map(|name| (*name).to_owned()).collect();
    for name in wanted.difference(&red) {
        println!("    `{name}` did not notice");
    }
    for name in red.difference(&wanted) {
        println!("    `{name}` failed, and should not");
    }
    println!(
        "    {} red, {green} green, in {} s",
        red.len(),
        start.elapsed().as_secs()
    );
    let as_expected = red == wanted && !wanted.is_empty();
    if as_expected {
        // A hundred megabytes per switch. After a wrong result they are kept for inspection.
        fs::remove_dir_all(&dir).with_context(|| format!("can't remove {}", dir.display()))?;
    }
    Ok(as_expected)
}

/// The command that runs these modules, with their fixtures built without the protection.
fn host_tests_of(modules: &[&str], dir: &Path, switch: &str) -> Result<Command> {
    let mut tests = host_tests::command(modules, &[]);
    tests
        .env("RT0_HOSTS_DIR", dir.join("hosts"))
        .env("RT0_HOSTS_CARGO_DIR", target().join("sabotage/cargo"))
        // The tests themselves are built as usual; only the fixtures lack the protection.
        .env("RT0_HOSTS_WRAPPER", wrapper(dir, switch)?);
    Ok(tests)
}

/// The command that does the same for another target, and prints each test's result.
///
/// # Errors
/// The path of this program is unknown.
fn cross(triple: &str, switch: &str) -> Result<Command> {
    let this = std::env::current_exe().context("can't find this program")?;
    let mut command = Command::new(this);
    command.args(["cross", "--target", triple, "--without", switch]);
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_test_that_must_fail_exists() {
        for Expected {
            switch,
            modules,
            red,
        } in EXPECTED
        {
            for name in *red {
                let found = host_tests::has(modules, name);
                assert!(found, "{switch}: there is no test {name}");
            }
        }
    }
    #[test]
    fn no_other_tests_are_run_by_accident() {
        for Expected {
            switch, modules, ..
        } in EXPECTED
        {
            assert_eq!(host_tests::strays(modules), [""; 0], "{switch}");
        }
    }
}
