//! `cargo xtask compare`: the doctor on the same small library in several worlds, and the page that shows it.

mod build;
mod libraries;
mod measured;
mod page;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use libraries::{ALL, Library};
use measured::{Mark, command, measure};
use page::{Entry, Page, Run};

use crate::bench::date;
use crate::bench::machine::{Machine, commit};
use crate::run::{cargo, root, step, timed};

/// What to compare.
#[derive(clap::Args)]
pub struct Options {
    /// Only these libraries, without a page [default: all]
    pub names: Vec<String>,
    /// How many checks run at the same time
    #[arg(long, default_value_t = 2)]
    pub jobs: usize,
    /// Fail if a library can't be built here
    #[arg(long)]
    pub require_all: bool,
    /// Where the page goes
    #[arg(long, value_name = "FILE", default_value = "docs/comparison.md")]
    pub out: PathBuf,
}

/// Builds the libraries, runs the doctor on each, and writes the page.
///
/// # Errors
/// The doctor can't be run, rt0's library fails a check, or one that is required can't be built.
pub fn run(options: &Options) -> Result<()> {
    let chosen = chosen(&options.names)?;
    step("the doctor", &mut cargo("build -p cargo-rt0"))?;
    let entries: Vec<Entry> = chosen
        .iter()
        .map(|library| entry(library, options.jobs))
        .collect::<Result<_>>()?;
    for entry in &entries {
        println!("{}", lines(entry));
    }
    if options.names.is_empty() {
        write(options, &with_hello(options.jobs, entries)?)
    } else {
        judge(&entries, options.require_all)
    }
}

fn write(options: &Options, page: &Page) -> Result<()> {
    let path = root().join(&options.out);
    std::fs::write(&path, page::write(page))
        .with_context(|| format!("can't write {}", path.display()))?;
    println!("{} is written", options.out.display());
    judge(&page.entries, options.require_all)
}

fn chosen(names: &[String]) -> Result<Vec<&'static Library>> {
    for name in names {
        ensure!(
            ALL.iter().any(|library| library.name == name),
            "there is no library `{name}`: {}",
            ALL.iter()
                .map(|library| library.name)
                .collect::<Vec<_>>()
                .join(", ")
        );
    }
    let wanted =
        |library: &&Library| names.is_empty() || names.iter().any(|name| name == library.name);
    Ok(ALL.iter().filter(wanted).collect())
}

/// Builds a library, and checks it. What can't be built is said on the page.
fn entry(library: &Library, jobs: usize) -> Result<Entry> {
    let built = timed(&format!("building {}", library.title), || {
        build::build(library)
    });
    let result = match built {
        Err(error) => Err(format!("{error:#}")),
        Ok(built) => {
            let config = Path::new("compare").join(library.name).join("doctor.toml");
            let command = command(&built.file, built.header.as_deref(), Some(&config), jobs);
            let measured = timed(&command, || measure(&command))?;
            Ok(Run {
                versions: built.versions,
                command,
                measured,
            })
        }
    };
    Ok(Entry {
        title: library.title,
        name: library.name,
        about: library.about,
        result,
    })
}

fn with_hello(jobs: usize, entries: Vec<Entry>) -> Result<Page> {
    let hello = timed("building examples/hello", build::hello)?;
    let hello = command(&hello, None, None, jobs);
    let measured = timed(&hello, || measure(&hello))?;
    let machine = Machine::this();
    Ok(Page {
        about: format!(
            "{}, commit {}, {} processors ({}), Linux {}, {}",
            date::text(date::now()),
            commit(),
            machine.processors,
            machine.processor,
            machine.kernel,
            machine.libc
        ),
        processors: machine.processors,
        jobs,
        hello: (hello, measured),
        entries,
    })
}

/// What a person at the terminal is told of a library.
fn lines(entry: &Entry) -> String {
    let run = match &entry.result {
        Err(why) => return format!("{:<12} could not be built: {why}", entry.title),
        Ok(run) => run,
    };
    let count = |mark| run.measured.count(mark);
    let mut out = format!(
        "{:<12} {} passed, {} failed, {} warned, {} skipped, {} could not run, in {:.0} s",
        entry.title,
        count(Mark::Pass),
        count(Mark::Fail),
        count(Mark::Warn),
        count(Mark::Skip),
        count(Mark::CouldNotRun),
        run.measured.seconds
    );
    let bad = run
        .measured
        .checks
        .iter()
        .filter(|seen| seen.mark().is_bad());
    for seen in bad {
        let word = match seen.mark() {
            Mark::Fail => "FAIL",
            Mark::Warn => "warn",
            _ => "?",
        };
        out.push_str(&format!("\n    {word:<4} {}: {}", seen.id, seen.evidence));
    }
    out
}

/// What makes the command fail: rt0's library, if the doctor finds something, and what is missing but required.
fn judge(entries: &[Entry], require_all: bool) -> Result<()> {
    for entry in entries {
        match &entry.result {
            Err(why) if require_all || entry.name == "rt0" => bail!("{}: {why}", entry.title),
            Ok(run) if entry.name == "rt0" => {
                let found = run.measured.checks.iter().find(|seen| seen.mark().is_bad());
                if let Some(seen) = found {
                    bail!("rt0: {}: {}", seen.id, seen.evidence);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use measured::{Measured, Seen};

    fn entry(name: &'static str, result: Result<&str, &str>) -> Entry {
        let run = |outcome: &str| Run {
            versions: String::new(),
            command: String::new(),
            measured: Measured {
                seconds: 1.0,
                load: 0.0,
                checks: vec![Seen {
                    id: "fork-busy".to_owned(),
                    severity: "error".to_owned(),
                    outcome: outcome.to_owned(),
                    evidence: "it hung".to_owned(),
                }],
            },
        };
        Entry {
            title: name,
            name,
            about: "",
            result: result.map(run).map_err(str::to_owned),
        }
    }

    #[test]
    fn only_rt0_and_what_is_required_make_it_fail() {
        let fine = [
            entry("rt0", Ok("pass")),
            entry("go", Ok("fail")),
            entry("napi", Err("no cargo")),
        ];
        assert!(judge(&fine, false).is_ok());
        assert!(judge(&fine, true).is_err());
        assert!(judge(&[entry("rt0", Ok("fail"))], false).is_err());
        assert!(judge(&[entry("rt0", Err("no cargo"))], false).is_err());
    }

    #[test]
    fn every_library_has_its_folder_and_its_calls() {
        for library in ALL {
            let folder = root().join("compare").join(library.name);
            let config = std::fs::read_to_string(folder.join("doctor.toml")).unwrap();
            for call in [
                "peer_add(i32 2, i32 3) -> i32 = 5",
                "peer_sleep_and_add(i32 2, i32 3) -> i32 = 5",
                "peer_tell(callback) -> i32 = 0",
            ] {
                assert!(config.contains(call), "{}: {call}", library.name);
            }
        }
        assert!(chosen(&["nothing".to_owned()]).is_err());
        assert_eq!(chosen(&["go".to_owned()]).unwrap().len(), 1);
        assert_eq!(chosen(&[]).unwrap().len(), ALL.len());
    }
}
