//! `cargo xtask sabotage`: takes out one protection after the other, and sees to it that just the
//! tests that are to notice do. What is expected of each stands in `sabotage/expected.rs`.

mod expected;

use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};

use self::expected::{EXPECTED, Expected, WINDOWS};
use crate::run::{cargo, target};
use crate::{cross, results};

/// Runs these switches, or all when none is named; with `part`, every so-many-th of them.
///
/// # Errors
/// A test that should notice does not, one that should not does, or something can't be built.
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
            "nobody says which tests notice the switch `{switch}`"
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
        // Once more when the picture is another: some tests look for a moment that does not come each time,
        // and a machine that stands still for seconds turns others red.
        wrong += usize::from(!check(expected)? && !check(expected)?);
    }
    ensure!(
        wrong == 0,
        "{wrong} switch(es) gave another picture than expected"
    );
    println!(
        "{} switch(es), each noticed by the expected tests and no other.",
        chosen.len()
    );
    Ok(())
}

/// The K-th of N parts: `K/N`, from `1/N` on.
#[derive(Clone, Debug)]
pub struct Part {
    which: usize,
    of: usize,
}

impl Part {
    fn has(&self, at: usize) -> bool {
        at % self.of + 1 == self.which
    }
}

impl std::str::FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Part, String> {
        let numbers = text.split_once('/').and_then(|(which, of)| {
            Some(Part {
                which: which.parse().ok()?,
                of: of.parse().ok()?,
            })
        });
        numbers
            .filter(|part| (1..=part.of).contains(&part.which))
            .ok_or_else(|| "it is written K/N, as in 1/4".to_owned())
    }
}

/// Runs the files of one switch, and compares. False when the picture is another.
fn check(expected: &Expected) -> Result<bool> {
    let start = Instant::now();
    println!("==> without: {}", expected.switch);
    let dir = target().join("sabotage").join(expected.switch);
    fs::create_dir_all(&dir).with_context(|| format!("can't make {}", dir.display()))?;
    let wrapper = wrapper(&dir, expected.switch)?;
    let mut red = BTreeSet::new();
    let mut green = 0;
    for file in expected.files {
        let mut tests = match *file {
            WINDOWS => cross::without("x86_64-pc-windows-gnu", expected.switch)?,
            file => {
                let mut tests = cargo("test -p rt0-hosts --no-fail-fast --test");
                tests
                    .arg(file)
                    .env("RT0_HOSTS_DIR", dir.join("hosts"))
                    .env("RT0_HOSTS_CARGO_DIR", target().join("sabotage/cargo"))
                    // The tests themselves are built as ever; what they build is not.
                    .env("RT0_HOSTS_WRAPPER", &wrapper);
                tests
            }
        };
        let output = tests.output().context("can't run cargo")?;
        let text = String::from_utf8_lossy(&output.stdout);
        let mut tests = 0;
        for (name, result) in results::each(&text) {
            tests += 1;
            match result {
                "ok" => green += 1,
                "FAILED" => {
                    red.insert(name.to_owned());
                }
                _ => {}
            }
        }
        if tests == 0 {
            bail!("{file}: {}", String::from_utf8_lossy(&output.stderr));
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
        // A hundred megabytes for each switch; what went wrong is kept to be looked at.
        fs::remove_dir_all(&dir).with_context(|| format!("can't remove {}", dir.display()))?;
    }
    Ok(as_expected)
}

/// A compiler with the switch on, for the packages of this workspace alone. Its path tells cargo that
/// what it builds is something else.
///
/// # Errors
/// It can't be written.
pub fn wrapper(dir: &Path, switch: &str) -> Result<PathBuf> {
    let path = dir.join("rustc");
    let script = format!("#!/bin/sh\nexec \"$@\" --cfg 'rt0_sabotage=\"{switch}\"'\n");
    fs::write(&path, script)?;
    fs::set_permissions(&path, Permissions::from_mode(0o755))?;
    Ok(path)
}
