//! `cargo xtask bench`: rt0 against its peers, side by side in one run.
//!
//! The libraries in `bench/` do the same thing with rt0, by hand, and in Go; one in C shows the limit. A small C
//! program loads them and measures. Each sample is a new process, pinned, and the libraries take turns, so that
//! what else happens on the machine affects all of them alike. The figures are ratios of medians, with the
//! interval that chance leaves: the times alone say more about the machine.

mod account;
pub mod build;
pub mod date;
mod docs;
mod format;
mod history;
pub mod machine;
mod order;
mod page;
mod quiet;
mod report;
mod row;
mod rows;
mod sample;
mod statistics;
mod table;
mod targets;
mod trend;
mod valgrind;

use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};

pub use statistics::median;

use machine::Machine;
use quiet::Quiet;
use report::Report;
use rows::{Bench, GROUPS, Group, Measured};

use crate::chart;
use crate::run::timed;

/// What to measure, and what to draw.
#[derive(clap::Args)]
pub struct Options {
    /// Take few samples, to see that everything works; missed targets are no failure
    #[arg(long)]
    quick: bool,
    /// Measure although the machine is busy, and mark the figures
    #[arg(long)]
    busy: bool,
    /// Measure only the groups with a row whose name begins like this; missed targets are no failure
    #[arg(long, value_name = "ROW")]
    only: Vec<String>,
    /// Also write the run to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Also draw a page with the distributions
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Say what has changed since this run [default: the last one kept in target/bench/history]
    #[arg(long, value_name = "RUN")]
    against: Option<PathBuf>,
    /// Measure nothing: draw from this run, which --json wrote
    #[arg(long, value_name = "RUN")]
    from: Option<PathBuf>,
    /// Measure nothing: write the table in docs/performance.md, from the last run kept or from that of --from, and the
    /// README's chart
    #[arg(long)]
    docs: bool,
    /// Measure nothing: draw the README's chart, from the table in docs/performance.md
    #[arg(long)]
    chart: bool,
    /// Measure nothing: write the list by which `cargo rt0 build` orders a library's functions
    #[arg(long)]
    order: bool,
}

/// Builds, measures, prints and draws.
///
/// # Errors
/// Something can't be built or run, the machine is busy, or a target is missed.
pub fn run(options: &Options) -> Result<()> {
    if options.order {
        return order::write();
    }
    if options.chart {
        return chart::renew();
    }
    let last = history::newest();
    if options.from.is_some() || options.docs {
        let path = options.from.clone().or(last);
        let path =
            path.context("no run is kept in target/bench/history: run `cargo xtask bench` first")?;
        return draw(&Report::load(&path)?, None, options);
    }
    let before = match &options.against {
        Some(path) => Some(Report::load(path)?),
        // One that an older version of this command has kept may have another form.
        None => last.and_then(|path| Report::load(&path).ok()),
    };
    let report = measure(options)?;
    println!();
    draw(&report, before.as_ref(), options)?;
    if report.quick || report.partial {
        return Ok(());
    }
    match report.busy {
        true => println!("not kept: the machine was busy"),
        false => println!("kept as {}", history::keep(&report)?.display()),
    }
    match report.missed().len() {
        0 => Ok(()),
        missed => bail!("targets missed: {missed}"),
    }
}

fn measure(options: &Options) -> Result<Report> {
    let groups = chosen(&options.only)?;
    let mut quiet = Quiet::begin(options.busy)?;
    let what = "building the libraries, the peers and the host in release mode";
    let built = timed(what, build::build)?;
    if options.only.is_empty() {
        check_order()?;
    }
    let bench = Bench::new(&built, options.quick);
    let mut all = Measured::default();
    for group in groups {
        let name = group.name();
        let measured = timed(&name, || match group.timed {
            true => quiet.measure(&name, || (group.measure)(&bench)),
            false => (group.measure)(&bench),
        })?;
        all.rows.extend(measured.rows);
        all.skipped.extend(measured.skipped);
    }
    let mut accounts = Vec::new();
    if options.only.is_empty() {
        let (found, missing) = timed("where the costs lie", || {
            account::all(&built, &bench.on_one())
        })?;
        accounts = found;
        all.skipped.extend(missing);
    }
    all.rows.sort_by_key(|row| position(&row.id));
    Ok(Report {
        at: date::now(),
        commit: machine::commit(),
        machine: Machine::this(),
        quick: options.quick,
        busy: quiet.was_busy(),
        partial: !options.only.is_empty(),
        others: quiet.others,
        rows: all.rows,
        accounts,
        skipped: all.skipped,
    })
}

/// A list with old names would make the figures worse than they are.
fn check_order() -> Result<()> {
    let aged = timed(
        "whether the list of a start's functions is true",
        order::aged,
    )?;
    ensure!(
        aged.is_empty(),
        "the list by which a library's functions are ordered has functions with old names, which costs page \
         faults and memory; write it anew with `cargo xtask bench --order`: {}",
        aged.join(", ")
    );
    Ok(())
}

/// Where a row stands in the table. Its cases keep the order in which they were measured.
fn position(id: &str) -> usize {
    let mut all = GROUPS.iter().flat_map(|group| group.rows);
    all.position(|row| *row == id).unwrap_or(usize::MAX)
}

/// The groups with a row whose name begins like one of these; all of them, if none is named.
fn chosen(only: &[String]) -> Result<Vec<&'static Group>> {
    let named = |row: &&str| only.iter().any(|only| row.starts_with(only));
    let wanted = |group: &&Group| only.is_empty() || group.rows.iter().any(named);
    let groups: Vec<_> = GROUPS.iter().filter(wanted).collect();
    let names = || {
        GROUPS
            .iter()
            .map(Group::name)
            .collect::<Vec<_>>()
            .join(", ")
    };
    ensure!(
        !groups.is_empty(),
        "there are no such rows; there are: {}",
        names()
    );
    Ok(groups)
}

/// Everything that can be made from a run.
fn draw(report: &Report, before: Option<&Report>, options: &Options) -> Result<()> {
    println!("{}\n", report.about());
    table::print(report, before);
    println!("\n{}", table::summary(report));
    if let Some(path) = &options.json {
        report.store(path)?;
    }
    if let Some(path) = &options.html {
        report::write(path, &page::page(report, before))?;
    }
    if options.docs {
        docs::renew(report)?;
        chart::renew()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_chosen_by_the_beginning_of_their_names() {
        let names = |only: &[&str]| -> Vec<&str> {
            let only: Vec<_> = only.iter().map(ToString::to_string).collect();
            chosen(&only)
                .unwrap()
                .iter()
                .map(|group| group.rows[0])
                .collect()
        };
        assert_eq!(names(&[]).len(), GROUPS.len());
        assert_eq!(names(&["exit.busy"]), ["exit.idle"]);
        assert_eq!(
            names(&["size.core", "fork.co"]),
            ["fork.cost", "size.core-only"]
        );
        let error = chosen(&["nonsense".to_owned()])
            .err()
            .map(|error| error.to_string());
        assert!(
            error
                .unwrap()
                .contains("there are no such rows; there are: load.total.vs-go, ")
        );
    }

    #[test]
    fn every_target_belongs_to_a_group() {
        for target in targets::TARGETS {
            assert!(position(target.id) < usize::MAX, "{}", target.id);
        }
    }
}
