//! `cargo xtask sabotage`: takes out one protection after the other, and checks that exactly the expected
//! tests fail.
//!
//! - `expected.rs`: which tests those are.
//! - `adapters.rs`: the same for the protections in the adapters, which the projects of `examples/` use.
//! - `generated.rs`: the same for the protections in generated bindings.
//! - `wrapper.rs`: the compiler that leaves out a protection.

mod adapters;
mod expected;
mod generated;
mod wrapper;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};

pub use self::wrapper::wrapper;

use self::adapters::{ADAPTED, Adapted};
use self::expected::{EXPECTED, Expected, WINDOWS};
use crate::part::Part;
use crate::run::target;
use crate::{host_tests, results};

/// How often a switch is tried at most.
const CHANCES: u32 = 3;

/// Runs these switches, or all if none is named; with `part`, every N-th of them.
///
/// # Errors
/// A test that should fail does not, another test fails, or something can't be built.
pub fn run(names: &[String], part: Option<Part>) -> Result<()> {
    let generated = generated::all()?;
    let all = all(&generated);
    for name in names {
        ensure!(
            all.iter().any(|switch| switch.name == name),
            "there is no switch `{name}`; there are: {}",
            all.iter()
                .map(|switch| switch.name)
                .collect::<Vec<_>>()
                .join(", ")
        );
    }
    for switch in rt0_core::sabotage::ALL {
        ensure!(
            EXPECTED.iter().any(|expected| expected.switch == *switch),
            "`sabotage/expected.rs` does not say which tests notice the switch `{switch}`"
        );
    }
    let mut wrong = 0;
    let chosen = all
        .iter()
        .filter(|switch| names.is_empty() || names.iter().any(|name| name == switch.name));
    let chosen: Vec<_> = chosen
        .enumerate()
        .filter(|(at, _)| part.as_ref().is_none_or(|part| part.has(*at)))
        .collect();
    for (_, switch) in &chosen {
        // A wrong result gets another chance: some tests depend on a moment that does not come in every run, and others
        // fail if the machine stands still for seconds.
        let mut as_expected = false;
        for _ in 0..CHANCES {
            as_expected = as_expected || check(switch)?;
        }
        wrong += usize::from(!as_expected);
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

fn all(generated: &[generated::Protection]) -> Vec<Switch<'_>> {
    let libraries = EXPECTED.iter().map(Switch::of_libraries);
    let adapters = ADAPTED.iter().map(Switch::of_an_adapter);
    let bindings = generated.iter().map(Switch::of_bindings);
    libraries.chain(adapters).chain(bindings).collect()
}

/// A protection, and what takes it out.
struct Switch<'a> {
    name: &'a str,
    modules: Vec<String>,
    red: BTreeSet<String>,
    place: Place,
}

/// Where a protection is.
#[derive(Clone, Copy)]
enum Place {
    Library,
    Adapter,
    Bindings,
}

impl<'a> Switch<'a> {
    fn of_libraries(expected: &'a Expected) -> Switch<'a> {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Switch {
            name: expected.switch,
            modules: owned(expected.modules),
            red: expected.red.iter().map(|name| (*name).to_owned()).collect(),
            place: Place::Library,
        }
    }

    fn of_an_adapter(adapted: &'a Adapted) -> Switch<'a> {
        Switch {
            name: adapted.switch,
            modules: vec![adapted.module()],
            red: adapted.red.iter().map(|name| (*name).to_owned()).collect(),
            place: Place::Adapter,
        }
    }

    fn of_bindings(protection: &'a generated::Protection) -> Switch<'a> {
        Switch {
            name: &protection.name,
            modules: vec![protection.module()],
            red: protection.red.iter().cloned().collect(),
            place: Place::Bindings,
        }
    }
}

/// Runs the tests of one switch and compares the results. False if the tests that fail are not the expected
/// ones.
fn check(switch: &Switch) -> Result<bool> {
    let start = Instant::now();
    println!("==> without: {}", switch.name);
    let dir = target().join("sabotage").join(switch.name);
    fs::create_dir_all(&dir).with_context(|| format!("can't make {}", dir.display()))?;
    let mut red = BTreeSet::new();
    let mut green = 0;
    let modules = switch.modules.iter().map(String::as_str);
    let (windows, here): (Vec<_>, Vec<_>) = modules.partition(|module| *module == WINDOWS);
    let mut runs = Vec::new();
    if !windows.is_empty() {
        runs.push((windows, cross("x86_64-pc-windows-gnu", switch.name)?));
    }
    if !here.is_empty() {
        let tests = host_tests_of(&here, &dir, switch)?;
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
    let wanted = &switch.red;
    for name in wanted.difference(&red) {
        println!("    `{name}` did not notice");
    }
    for name in red.difference(wanted) {
        println!("    `{name}` failed, and should not");
    }
    println!(
        "    {} red, {green} green, in {} s",
        red.len(),
        start.elapsed().as_secs()
    );
    let as_expected = red == *wanted && !wanted.is_empty();
    if as_expected {
        // A hundred megabytes per switch. After a wrong result they are kept for inspection.
        fs::remove_dir_all(&dir).with_context(|| format!("can't remove {}", dir.display()))?;
    }
    Ok(as_expected)
}

/// The command that runs these modules, with their fixtures or bindings built without the protection.
fn host_tests_of(modules: &[&str], dir: &Path, switch: &Switch) -> Result<Command> {
    let only: Vec<_> = match switch.place {
        Place::Library => Vec::new(),
        // No other tests: most of them compile for minutes.
        Place::Adapter | Place::Bindings => switch.red.iter().map(String::as_str).collect(),
    };
    let mut tests = host_tests::command(modules, &only);
    if let Place::Bindings = switch.place {
        tests.env("RT0_HOSTS_BINDINGS_WITHOUT", switch.name);
        return Ok(tests);
    }
    tests
        .env("RT0_HOSTS_DIR", dir.join("hosts"))
        .env("RT0_HOSTS_CARGO_DIR", target().join("sabotage/cargo"))
        // Only the adapter and the project are built anew: not what they depend on.
        .env("RT0_HOSTS_PROJECTS_DIR", target().join("hosts/ecosystems"))
        // The tests themselves are built as usual; only the fixtures lack the protection.
        .env("RT0_HOSTS_WRAPPER", wrapper(dir, switch.name)?);
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

    fn with_all(look: impl Fn(&Switch, &[&str])) {
        for switch in all(&generated::all().unwrap()) {
            let modules: Vec<_> = switch.modules.iter().map(String::as_str).collect();
            look(&switch, &modules);
        }
    }

    #[test]
    fn every_test_that_must_fail_exists() {
        with_all(|switch, modules| {
            for name in &switch.red {
                let found = host_tests::has(modules, name);
                assert!(found, "{}: there is no test {name}", switch.name);
            }
        });
    }

    #[test]
    fn no_other_tests_are_run_by_accident() {
        with_all(|switch, modules| {
            assert_eq!(host_tests::strays(modules), [""; 0], "{}", switch.name);
        });
    }
}
