//! The command line: parses, calls the library, prints.

#![forbid(unsafe_code)]

mod commands;
mod output;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "cargo rt0",
    bin_name = "cargo rt0",
    version,
    about = "Makes, builds and inspects Rust libraries that boot themselves; checks any library, and shows its load",
    after_help = "\
Exit codes: 0 success, 1 the work or a check failed, 2 bad input or usage.

A build that is killed leaves no half-written file under a final name, and the next run removes the temporary files
beside it; so do `install` and `new`. What the compiler and the linker had in temporary folders of theirs stays there.
Two builds of one commit give the same library, header and archive in any folder.

Examples:
  cargo rt0 new greeter
  cargo rt0 build --release
  cargo rt0 inspect target/rt0/release/libgreeter.so
  cargo rt0 doctor /usr/lib/x86_64-linux-gnu/libz.so.1 --call 'zlibVersion() -> str'
  cargo rt0 trace target/rt0/release/libgreeter.so --html trace.html",
    subcommand_required = true,
    arg_required_else_help = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    New(commands::new::Args),
    Build(commands::build::Args),
    Install(commands::install::Args),
    Header(commands::header::Args),
    Bindings(commands::bindings::Args),
    Inspect(commands::inspect::Args),
    Doctor(commands::doctor::Args),
    Trace(commands::trace::Args),
}

fn main() -> ExitCode {
    if let Some(code) = cargo_rt0::linker::intercept() {
        return code;
    }
    rt0_doctor::intercept();
    // Cargo passes the name of the subcommand as the first argument.
    let mut args: Vec<OsString> = std::env::args_os().collect();
    if args.get(1).is_some_and(|arg| arg == "rt0") {
        args.remove(1);
    }
    let result = match Cli::parse_from(args).command {
        Command::New(args) => commands::new::run(args),
        Command::Build(args) => commands::build::run(args),
        Command::Install(args) => commands::install::run(args),
        Command::Header(args) => commands::header::run(args),
        Command::Bindings(args) => commands::bindings::run(args),
        Command::Inspect(args) => commands::inspect::run(args),
        Command::Doctor(args) => commands::doctor::run(args),
        Command::Trace(args) => commands::trace::run(args),
    };
    result.unwrap_or_else(|error| {
        output::error(&error);
        ExitCode::from(error.exit_code())
    })
}
