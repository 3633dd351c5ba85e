//! `cargo xtask cross`: the library on every processor that rt0 supports. For each it is built with `cargo
//! rt0 build --target`, loaded by a C host for that processor, and run through the tests of
//! `rt0-hosts/tests/platform`, under an emulator if this machine can't run the host itself.
//!
//! - `cross/targets.rs`: the targets, and how each one's hosts are compiled and run.
//! - `cross/musl.rs`: the exceptions if the C library is musl.
//! - `cross/zig.rs`: the exceptions if zig is the compiler.
//! - `cross/sysroot.rs`: std for a target, built once.
//! - `cross/build.rs`: where the fixtures are built, and with what compiler.
//! - `cross/tests.rs`: the tests, run for one target.
//! - `cross/wine.rs`: runs the hosts for Windows.
//! - `cross/checked.rs`: the targets that are compiled but not run.
//! - `cross/linked.rs`: a library for a system that can't run here, built with `cargo rt0 build` and looked at.
//! - `cross/apple.rs`, `cross/android.rs`: how that is linked for Apple's systems and for Android.
//! - `cross/apple_archive.rs`: archives for Apple's systems, in a C program.
//! - `cross/lld.rs`: the linker and the files for that.
//! - `cross/outcome.rs`: the results, as a table and as JSON.
//! - `cross/size.rs`: how large a library without std is.

mod android;
mod apple;
mod apple_archive;
mod build;
mod checked;
mod linked;
mod lld;
mod musl;
mod outcome;
mod size;
mod sysroot;
mod targets;
mod tests;
mod wine;
mod zig;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};

use self::build::Build;
use self::checked::{CHECKED, REFUSED};
use self::outcome::{Outcome, Row};
use self::targets::{TARGETS, Target};
use crate::part::Part;

/// What to run.
#[derive(Debug, Default, clap::Args)]
pub struct Options {
    /// Only these targets, by Rust's names
    #[arg(long = "target", value_name = "TRIPLE")]
    targets: Vec<String>,
    /// Only the K-th of N parts of the targets
    #[arg(long, value_name = "K/N", conflicts_with = "targets")]
    part: Option<Part>,
    /// Also write the outcomes to this file
    #[arg(long)]
    json: Option<PathBuf>,
    /// Treat a skipped test as a failure
    #[arg(long)]
    require_all: bool,
    /// Run the tests of archives too, which take as long as all others
    #[arg(long)]
    archives: bool,
    /// Take out this protection, a switch of `sabotage`, to see which tests fail
    #[arg(long, value_name = "SWITCH")]
    without: Option<String>,
}

/// Runs the tests for the targets that the options name, or for all targets.
///
/// # Errors
/// A test failed, or was skipped although `require_all` is set; or there is no such target.
pub fn run(options: Options) -> Result<()> {
    let build = Build::new(options.archives, options.without)?;
    let start = Instant::now();
    let mut rows = Vec::new();
    let (run, checked) = chosen(&options.targets, options.part.as_ref())?;
    for target in &run {
        let start = Instant::now();
        rows.extend(one(target, &build));
        println!("    {}: {} s", target.triple, start.elapsed().as_secs());
    }
    print!("{}", outcome::table(&rows));
    print!("{}", size::lines(&run, &build));
    rows.extend(checked::all(&checked)?);
    if let Some(path) = options.json {
        let text = serde_json::to_string_pretty(&rows)?;
        std::fs::write(&path, text + "\n")
            .with_context(|| format!("can't write {}", path.display()))?;
    }
    println!("{} s in all", start.elapsed().as_secs());
    let count = |outcome| rows.iter().filter(|row| row.outcome == outcome).count();
    let (failed, skipped) = (count(Outcome::Fail), count(Outcome::Skipped));
    ensure!(failed == 0, "{failed} test(s) failed");
    ensure!(
        skipped == 0 || !options.require_all,
        "{skipped} test(s) were skipped, which is not allowed here"
    );
    Ok(())
}

/// The targets to run, and the targets only to compile: those with these names, those of this part, or all.
fn chosen(
    names: &[String],
    part: Option<&Part>,
) -> Result<(Vec<&'static Target>, Vec<&'static str>)> {
    let run = TARGETS.iter().map(|target| target.triple);
    let all: Vec<_> = run.chain(CHECKED.iter().chain(REFUSED).copied()).collect();
    if let Some(name) = names.iter().find(|name| !all.contains(&name.as_str())) {
        bail!("there is no target `{name}`; there are: {}", all.join(", "));
    }
    let is_chosen = |(at, triple): (usize, &str)| {
        let named = names.is_empty() || names.iter().any(|name| name == triple);
        named && part.is_none_or(|part| part.has(at))
    };
    let chosen = all
        .iter()
        .copied()
        .enumerate()
        .filter(|&target| is_chosen(target));
    let chosen: Vec<_> = chosen.map(|(_, triple)| triple).collect();
    let run = TARGETS
        .iter()
        .filter(|target| chosen.contains(&target.triple));
    let checked = CHECKED.iter().chain(REFUSED).copied();
    let checked = checked.filter(|triple| chosen.contains(triple));
    Ok((run.collect(), checked.collect()))
}

/// The rows of one target. If this machine lacks a tool for it, all its tests are skipped; if something can't
/// be built, they fail.
fn one(target: &'static Target, build: &Build) -> Vec<Row> {
    let all = |outcome, why: String| {
        let row = |test: &&'static str| Row::new(target.triple, *test, outcome, why.clone());
        tests::names(target).iter().map(row).collect()
    };
    if let Some(why) = target.missing() {
        return all(Outcome::Skipped, why);
    }
    match sysroot::built(target).and_then(|sysroot| tests::run(target, &sysroot, build)) {
        Ok(rows) => rows,
        Err(error) => all(Outcome::Fail, format!("{error:#}")),
    }
}

#[cfg(test)]
mod parts {
    use super::{CHECKED, REFUSED, TARGETS, chosen};

    #[test]
    fn the_parts_together_are_all_targets() {
        let mut found = Vec::new();
        for which in 1..=3 {
            let part = format!("{which}/3").parse().unwrap();
            let (run, checked) = chosen(&[], Some(&part)).unwrap();
            assert!(!run.is_empty() && !checked.is_empty());
            found.extend(run.iter().map(|target| target.triple).chain(checked));
        }
        let run = TARGETS.iter().map(|target| target.triple);
        let mut all: Vec<_> = run.chain(CHECKED.iter().chain(REFUSED).copied()).collect();
        found.sort_unstable();
        all.sort_unstable();
        assert_eq!(found, all);
    }
}
