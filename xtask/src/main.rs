//! The project's own commands. `cargo xtask` without arguments lists them.

mod api;
mod bench;
mod chart;
mod compare;
mod compile_cost;
mod cross;
mod debian;
mod demo;
mod docs;
mod doctor_selftest;
mod floors;
mod fuzz;
mod host;
mod host_tests;
mod inputs;
mod licences;
mod lint;
mod miri;
mod msrv;
mod newcomer;
mod package;
mod part;
mod results;
mod run;
mod sabotage;
mod sanitize;
mod soak;
mod std_source;
mod stress;
mod svg;
mod test;
mod timeline;
mod toolchain;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// The commands of the rt0 project itself.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Run the main example: a search engine that boots itself in C and Python
    Demo {
        /// What to index [default: this repository]
        dir: Option<PathBuf>,
    },
    /// Run every test that this machine can run, and say what is skipped
    Test {
        /// Fail if a part is skipped because a tool is missing
        #[arg(long)]
        require_all: bool,
    },
    /// Run the tests that every processor must pass, under an emulator where necessary
    Cross(cross::Options),
    /// Measure rt0 against its peers in one run; fails if a target is missed
    Bench(bench::Options),
    /// Run everything for longer, and the host tests over and over on a busy machine
    Soak {
        /// The shortest time for which the host tests are repeated
        #[arg(long, default_value_t = 20)]
        minutes: u64,
    },
    /// Take out one protection after the other: exactly the expected tests must fail
    Sabotage {
        /// The switches [default: all]
        names: Vec<String>,
        /// Only the K-th of N parts
        #[arg(long, value_name = "K/N")]
        part: Option<part::Part>,
    },
    /// Run host tests under ThreadSanitizer, AddressSanitizer and valgrind
    Sanitize {
        /// Only one of them
        #[arg(long)]
        only: Option<sanitize::Watcher>,
    },
    /// Run unit tests of buffers, handles and slots under Miri, if it is there
    Miri,
    /// Run hosts that act on a random seed, one after the other
    Stress {
        /// For how long
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// The first seed, such as the one that a failure named
        #[arg(long)]
        seed: Option<u64>,
    },
    /// Fuzz the code that reads files, with libFuzzer
    Fuzz {
        /// For how long, for each target
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// Only one target: description, doctor, header, inspect, linker
        #[arg(long)]
        only: Option<String>,
    },
    /// Run each check of the doctor against a library with its fault and one without
    DoctorSelftest(doctor_selftest::Options),
    /// Run the doctor on one small library in seven worlds, and write docs/comparison.md
    Compare(compare::Options),
    /// Trace examples/hello, and write what the README and docs/trace.md show of it
    Timeline,
    /// Write the documentation as a site, and check every link in it
    Docs(docs::Options),
    /// Try what authors depend on with the Rust of Debian's stable release; needs root
    Msrv {
        /// Also for other processors, and with the newest versions of all dependencies
        #[arg(long)]
        all: bool,
    },
    /// Run both READMEs' commands in an empty Debian; needs root
    Newcomer,
    /// Measure the processor time that rt0 adds to a clean build
    CompileCost {
        /// How often each is built
        #[arg(long, default_value_t = 3)]
        rounds: usize,
    },
    /// Check format, clippy, documentation, licences, minimum Rust version, public items
    Lint,
    /// Check the imports of each crate against the floors in ARCHITECTURE.md
    Floors {
        /// Only these crates
        crates: Vec<String>,
    },
    /// Check the public items of each crate against the lists in api/
    Api {
        /// Update the lists
        #[arg(long, conflicts_with = "since")]
        renew: bool,
        /// Compare the lists with those of a release: does the version say what has changed?
        #[arg(long, value_name = "TAG")]
        since: Option<String>,
    },
    /// Make a registry of the packages; install the tool from it, and build a new project
    Package(package::Options),
}

/// How long each command takes on two processors.
const TIMES: [(&str, &str); 21] = [
    ("demo", "20 s"),
    ("test", "8 min"),
    ("cross", "10 min"),
    ("bench", "10 min"),
    ("soak", "100+ min"),
    ("sabotage", "30 min"),
    ("sanitize", "4 min"),
    ("miri", "3 min"),
    ("stress", "60 s"),
    ("fuzz", "4 min"),
    ("doctor-selftest", "5 min"),
    ("compare", "12 min"),
    ("timeline", "60 s"),
    ("docs", "20 s"),
    ("msrv", "2 min"),
    ("newcomer", "10 min"),
    ("compile-cost", "1 min"),
    ("lint", "2 min"),
    ("floors", "1 s"),
    ("api", "10 s"),
    ("package", "2 min"),
];

/// The commands, one per line.
fn list() -> String {
    let commands = Arguments::command();
    let line = |command: &clap::Command| {
        let name = command.get_name();
        let time = TIMES.iter().find(|(other, _)| *other == name);
        let time = time.map_or("", |(_, time)| time);
        let about = command.get_about().map(ToString::to_string);
        format!("  {name:<15} {time:>8}  {}\n", about.unwrap_or_default())
    };
    let lines: String = commands.get_subcommands().map(line).collect();
    format!(
        "cargo xtask COMMAND, with the time it takes on two processors:\n{lines}\
         `cargo xtask COMMAND --help` lists its options.\n"
    )
}

fn main() -> ExitCode {
    let Some(command) = Arguments::parse().command else {
        print!("{}", list());
        return ExitCode::SUCCESS;
    };
    let result = match command {
        Command::Demo { dir } => demo::run(dir),
        Command::Test { require_all } => test::run(require_all),
        Command::Cross(options) => cross::run(options),
        Command::Bench(options) => bench::run(&options),
        Command::Soak { minutes } => soak::run(minutes),
        Command::Sabotage { names, part } => sabotage::run(&names, part),
        Command::Sanitize { only } => sanitize::run(only),
        Command::Miri => miri::run(),
        Command::Stress { seconds, seed } => stress::run(seconds, seed),
        Command::Fuzz { seconds, only } => fuzz::run(seconds, only.as_deref()),
        Command::DoctorSelftest(options) => doctor_selftest::run(&options),
        Command::Compare(options) => compare::run(&options),
        Command::Timeline => timeline::run(),
        Command::Docs(options) => docs::run(&options),
        Command::Msrv { all } => msrv::run(all),
        Command::Newcomer => newcomer::run(),
        Command::CompileCost { rounds } => compile_cost::run(rounds),
        Command::Lint => lint::run(),
        Command::Floors { crates } => floors::check(run::root(), &crates),
        Command::Package(options) => package::run(options),
        Command::Api { renew, since } => run::metadata().and_then(|known| match since {
            Some(tag) => api::since(&known, &tag),
            None => api::check(&known, renew),
        }),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_in_the_pages_are_there() {
        let commands = docs::commands().unwrap();
        assert!(commands.len() > 10, "{commands:?}");
        for (place, words) in commands {
            // cargo itself is not among the arguments.
            let parsed = Arguments::try_parse_from(&words[1..]);
            assert!(parsed.is_ok(), "{place}: {}", words.join(" "));
        }
    }

    #[test]
    fn every_command_has_a_time_and_a_line() {
        let commands = Arguments::command();
        let names: Vec<_> = commands.get_subcommands().map(|c| c.get_name()).collect();
        assert_eq!(names, TIMES.map(|(name, _)| name));
        for line in list().lines() {
            assert!(line.len() <= 110, "too long: {line}");
        }
    }
}
