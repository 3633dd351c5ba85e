//! `cargo xtask doctor-selftest`: every check of the doctor must find its fault, and nothing in the twin without.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, bail, ensure};

use rt0_cc::Compiler;

use crate::run::{cargo, root, said, step, target};

/// What to run.
#[derive(clap::Args)]
pub struct Options {
    /// Only these checks or groups
    ids: Vec<String>,
    /// How often each library is checked
    #[arg(long, default_value_t = TRIALS)]
    trials: u32,
    /// Check only the libraries with the fault, to measure how likely a race is to be met
    #[arg(long)]
    faulty: bool,
    /// How many checks run at the same time
    #[arg(long, default_value_t = JOBS)]
    jobs: usize,
}

const TRIALS: u32 = 3;
const JOBS: usize = 2;

/// As if nothing was asked for.
impl Default for Options {
    fn default() -> Options {
        Options {
            ids: Vec::new(),
            trials: TRIALS,
            faulty: false,
            jobs: JOBS,
        }
    }
}

/// So many trials tell how likely a fault is to be met.
const MANY: u32 = 50;

/// What is not over after this time, and does nothing, hangs.
const DEADLINE: &str = "4s";

/// One check's row.
struct Row {
    id: String,
    /// In how many trials the fault was found, and what was said the last time.
    found: u32,
    fault_says: String,
    /// How many rounds of a race it took in all to find it, and how many there are at least for a verdict.
    rounds: u64,
    least: u64,
    /// In how many trials the twin passed, and what was said the last time.
    passed: u32,
    twin_says: String,
    seconds: f64,
}

/// Builds the libraries, and runs each check against its own two.
///
/// # Errors
/// A fault has not been found in every trial, a twin has not passed in every trial, or a check has no libraries.
pub fn run(options: &Options) -> Result<()> {
    step("the doctor", &mut cargo("build -p cargo-rt0"))?;
    // A copy, which nobody builds anew meanwhile. Another self-test may be running the last one.
    let faults = target().join("doctor-faults");
    let (doctor, new) = (faults.join("cargo-rt0"), faults.join("cargo-rt0.new"));
    fs::create_dir_all(&faults)?;
    fs::copy(target().join("debug/cargo-rt0"), &new)?;
    fs::rename(&new, &doctor)?;
    let list = said(Command::new(&doctor).args(["doctor", "--list"]))?;
    let ids: Vec<&str> = list
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|id| is_wanted(id, &options.ids))
        .collect();
    ensure!(!ids.is_empty(), "there is no such check");
    let pairs = pairs(&ids)?;
    let next = AtomicUsize::new(0);
    let rows = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..options.jobs.max(1) {
            scope.spawn(|| {
                loop {
                    // Relaxed: each number is taken once, and nothing else depends on it.
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(pair) = pairs.get(place) else { break };
                    let row = trials(pair, &doctor, options);
                    match &row {
                        Ok(row) => println!("{}", line(row, options.trials)),
                        Err(error) => println!("{:<24} NO LIBRARIES: {error:#}", pair.name),
                    }
                    rows.lock()
                        .expect("no thread panics with it")
                        .insert(place, row);
                }
            });
        }
    });
    let rows = rows.into_inner().expect("no thread panics with it");
    let gaps: Vec<&str> = rows
        .iter()
        .filter(|(_, row)| row.as_ref().map_or(true, |row| is_gap(row, options.trials)))
        .map(|(place, _)| &*pairs[*place].name)
        .collect();
    println!(
        "{} checks, {} faults, {} trials each: {} gaps",
        ids.len(),
        pairs.len(),
        options.trials,
        gaps.len()
    );
    ensure!(gaps.is_empty(), "gaps: {}", gaps.join(", "));
    Ok(())
}

fn is_wanted(id: &str, wanted: &[String]) -> bool {
    let group = id.split('-').next().unwrap_or(id);
    wanted.is_empty() || wanted.iter().any(|name| name == id || name == group)
}

/// A check and one of its faults: `ID` or `ID.WHAT`.
struct Pair {
    id: String,
    name: String,
}

/// Each check's own fault, and after it those of its faults that only come in one kind of call.
fn pairs(ids: &[&str]) -> Result<Vec<Pair>> {
    let mut more = Vec::new();
    for entry in fs::read_dir(folder())? {
        let path = entry?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        more.extend(stem.map(str::to_owned));
    }
    more.sort();
    let pair = |id: &str, name: &str| Pair {
        id: id.to_owned(),
        name: name.to_owned(),
    };
    let mut pairs = Vec::new();
    for id in ids {
        pairs.push(pair(id, id));
        let begins = format!("{id}.");
        let others = more.iter().filter(|stem| stem.starts_with(&begins));
        pairs.extend(others.map(|stem| pair(id, stem)));
    }
    Ok(pairs)
}

fn is_gap(row: &Row, trials: u32) -> bool {
    // Few trials say little about a chance.
    let is_rare = trials >= MANY && needed(row.found, row.rounds) > row.least.max(1);
    row.found < trials || row.passed < trials || is_rare
}

fn line(row: &Row, trials: u32) -> String {
    let mut out = format!(
        "{:<24} faulty: found {}/{trials}  sound: passed {}/{trials}  {:5.1} s",
        row.id, row.found, row.passed, row.seconds
    );
    if row.found < trials {
        out.push_str(&format!("\n    GAP, the fault: {}", row.fault_says));
    } else {
        out.push_str(&format!("  {}", row.fault_says));
    }
    if row.least > 1 {
        out.push_str(&format!(
            "\n    a race: found in {} of {} rounds, so {} are needed; there are at least {}",
            row.found,
            row.rounds,
            needed(row.found, row.rounds),
            row.least
        ));
    }
    if row.passed < trials {
        out.push_str(&format!("\n    GAP, the twin: {}", row.twin_says));
    }
    out
}

fn trials(pair: &Pair, doctor: &Path, options: &Options) -> Result<Row> {
    let source = Source::of(pair)?;
    let (fault, twin) = (source.build(true)?, source.build(false)?);
    let begun = std::time::Instant::now();
    let mut row = Row {
        id: pair.name.clone(),
        found: 0,
        fault_says: String::new(),
        rounds: 0,
        least: 0,
        passed: 0,
        twin_says: String::new(),
        seconds: 0.0,
    };
    for _ in 0..options.trials {
        let Outcome {
            outcome,
            says,
            rounds,
            least,
        } = source.outcome(doctor, &fault)?;
        row.rounds += rounds;
        row.least = least;
        let is_found = outcome == "fail" || outcome == "warn";
        row.found += u32::from(is_found);
        if row.fault_says.is_empty() || !is_found {
            row.fault_says = format!("{outcome}: {says}");
        }
        if options.faulty {
            row.passed += 1;
            continue;
        }
        let Outcome { outcome, says, .. } = source.outcome(doctor, &twin)?;
        let is_passed = outcome == "pass";
        row.passed += u32::from(is_passed);
        if row.twin_says.is_empty() || !is_passed {
            row.twin_says = format!("{outcome}: {says}");
        }
    }
    row.seconds = begun.elapsed().as_secs_f64();
    Ok(row)
}

/// What came of one check of one library.
struct Outcome {
    outcome: String,
    says: String,
    rounds: u64,
    least: u64,
}

/// How many rounds a race needs so that its fault is missed in less than one verdict of a hundred, if it was met once
/// in so many rounds on average.
fn needed(found: u32, rounds: u64) -> u64 {
    let once_in = rounds as f64 / f64::from(found.max(1));
    match 1.0 - 1.0 / once_in {
        missed if missed > 0.0 => (0.01f64.ln() / missed.ln()).ceil() as u64,
        _ => 1,
    }
}

/// The source of two libraries.
struct Source<'a> {
    id: &'a str,
    /// The name of its files.
    name: &'a str,
    path: PathBuf,
    /// The lines of its head that begin with `//@`.
    words: Vec<(String, String)>,
}

impl Source<'_> {
    fn of(pair: &Pair) -> Result<Source<'_>> {
        let Pair { id, name } = pair;
        let folder = folder();
        let paths = ["c", "cpp", "rs"].map(|ending| folder.join(format!("{name}.{ending}")));
        let Some(path) = paths.into_iter().find(|path| path.exists()) else {
            bail!(
                "there is no {name}.c and no {name}.rs in {}",
                folder.display()
            );
        };
        let text = fs::read_to_string(&path)?;
        let mut words = Vec::new();
        for line in text.lines().filter_map(|line| line.strip_prefix("//@ ")) {
            let (name, value) = line
                .split_once(':')
                .with_context(|| format!("{name}: {line}"))?;
            let value = value.trim().replace("{dir}", &folder.display().to_string());
            words.push((name.to_owned(), value));
        }
        Ok(Source {
            id,
            name,
            path,
            words,
        })
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.words
            .iter()
            .filter(move |(other, _)| other == name)
            .map(|(_, value)| &**value)
    }

    fn build(&self, is_faulty: bool) -> Result<PathBuf> {
        let kind = if is_faulty { "fault" } else { "sound" };
        let folder = target().join("doctor-faults").join(kind);
        fs::create_dir_all(&folder)?;
        let out = folder.join(format!("lib{}.so", self.name.replace(['-', '.'], "_")));
        let mut command = match self.path.extension().and_then(|ending| ending.to_str()) {
            Some("rs") => rust(is_faulty),
            Some("cpp") => c(&Compiler::cpp(), is_faulty),
            _ => c(&Compiler::c(), is_faulty),
        };
        command.arg(&self.path).arg("-o").arg(&out);
        for name in ["flags", &format!("{kind}-flags")] {
            self.all(name).for_each(|value| {
                command.args(value.split_whitespace());
            });
        }
        said(&mut command).with_context(|| format!("{}, {kind}", self.name))?;
        Ok(out)
    }

    /// How the check ends for this library, and what it says.
    fn outcome(&self, doctor: &Path, library: &Path) -> Result<Outcome> {
        let mut command = Command::new(doctor);
        command
            .arg("doctor")
            .arg(library)
            .args(["--only", self.id, "--json", "-", "--quiet"]);
        for name in ["call", "setup", "shutdown"] {
            for call in self.all(name) {
                command.arg(format!("--{name}")).arg(call);
            }
        }
        if !self
            .all("arguments")
            .any(|value| value.contains("--deadline"))
        {
            command.args(["--deadline", DEADLINE]);
        }
        for value in self.all("arguments") {
            command.args(value.split_whitespace());
        }
        let output = command.output().context("the doctor can't be run")?;
        let json: serde_json::Value = serde_json::from_slice(&output.stdout)
            .with_context(|| format!("{}: {}", self.id, String::from_utf8_lossy(&output.stderr)))?;
        let check = &json["checks"][0];
        let text = |name: &str| check[name].as_str().unwrap_or_default().to_owned();
        let number = |name: &str| check[name].as_u64().unwrap_or_default();
        Ok(Outcome {
            outcome: text("outcome"),
            says: text("evidence"),
            rounds: number("rounds"),
            least: number("least_rounds"),
        })
    }
}

fn folder() -> PathBuf {
    root().join("crates/rt0-doctor/faults")
}

fn c(compiler: &Compiler, is_faulty: bool) -> Command {
    let mut command = compiler.command();
    command.args([
        "-shared", "-fPIC", "-O1", "-pthread", "-Wall", "-Wextra", "-Werror",
    ]);
    command.args(is_faulty.then_some("-DFAULT"));
    command
}

fn rust(is_faulty: bool) -> Command {
    let mut command = Command::new("rustc");
    command.args([
        "--crate-type=cdylib",
        "--edition=2024",
        "-O",
        "--check-cfg=cfg(fault)",
    ]);
    if is_faulty {
        command.args(["--cfg", "fault"]);
    }
    command
}
