//! The project's own commands: `cargo xtask demo | test | cross | sabotage | sanitize | bench | stress | fuzz | soak | lint`.

#[path = "bench/mod.rs"]
mod bench;
mod cross;
mod demo;
mod floors;
mod fuzz;
mod host;
mod licences;
mod lint;
mod results;
mod run;
mod sabotage;
mod sanitize;
mod soak;
mod std_source;
mod stress;
mod test;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The commands of the rt0 project itself.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The main job on real input: a search engine boots itself inside a C program and inside Python.
    Demo {
        /// What to index; this repository when left out.
        dir: Option<PathBuf>,
    },
    /// All tests that this machine can run.
    Test {
        /// A part that is skipped, for lack of a tool, is a failure.
        #[arg(long)]
        require_all: bool,
    },
    /// The tests that every processor must pass, on each; under an emulator where it is not this one.
    Cross(cross::Options),
    /// Measures rt0 against its peers, side by side in one run.
    Bench {
        /// Write the figures here as well.
        #[arg(long)]
        json: Option<PathBuf>,
    },
    /// Longer runs than a change should wait for: a deeper model, and the host tests over and over on
    /// a busy machine.
    Soak {
        /// For how long, at least.
        #[arg(long, default_value_t = 20)]
        minutes: u64,
    },
    /// Takes out one protection after the other: just the tests that are to notice must turn red.
    Sabotage {
        /// The switches; all when none is named.
        names: Vec<String>,
        /// Only the K-th of N parts.
        #[arg(long, value_name = "K/N")]
        part: Option<sabotage::Part>,
    },
    /// Host tests under ThreadSanitizer, AddressSanitizer and valgrind.
    Sanitize {
        /// One of them.
        #[arg(long)]
        only: Option<sanitize::Watcher>,
    },
    /// Hosts that do whatever comes into a seed's mind, one after the other.
    Stress {
        /// For how long.
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// The first one's seed: what a failure has named.
        #[arg(long)]
        seed: Option<u64>,
    },
    /// Files that libFuzzer makes up, for what reads files that strangers made.
    Fuzz {
        /// For how long, each target.
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// One of them: description, header, inspect, linker.
        #[arg(long)]
        only: Option<String>,
    },
    /// Format, clippy, documentation, licences, the minimum Rust version.
    Lint,
    /// The imports of each crate, held against the floors in ARCHITECTURE.md.
    Floors,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Demo { dir } => demo::run(dir),
        Command::Test { require_all } => test::run(require_all),
        Command::Cross(options) => cross::run(options),
        Command::Bench { json } => bench::run(json),
        Command::Soak { minutes } => soak::run(minutes),
        Command::Sabotage { names, part } => sabotage::run(&names, part),
        Command::Sanitize { only } => sanitize::run(only),
        Command::Stress { seconds, seed } => stress::run(seconds, seed),
        Command::Fuzz { seconds, only } => fuzz::run(seconds, only.as_deref()),
        Command::Lint => lint::run(),
        Command::Floors => floors::check(run::root()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
