//! `cargo rt0 inspect`

use std::path::PathBuf;
use std::process::ExitCode;

use cargo_rt0::Result;
use cargo_rt0::image::Image;
use cargo_rt0::inspect;

use crate::output;

/// Show what a built library contains, and check it
#[derive(clap::Args)]
#[command(after_help = "\
Checks: exactly the declared symbols are visible; thread-locals are dynamic; a file that contains the Rust
standard library is pinned, by the linker or by itself. The file is not loaded.

Exit codes: 0 all checks passed, 1 a check failed, 2 the file is not a library built with rt0.

Examples:
  cargo rt0 inspect target/rt0/release/libgreeter.so
  cargo rt0 inspect --json libgreeter.so | jq .size
  cargo rt0 inspect --quiet libgreeter.so && echo good")]
pub struct Args {
    /// The built library
    #[arg(value_name = "LIB")]
    library: PathBuf,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
    /// Print only problems
    #[arg(short, long)]
    quiet: bool,
}

pub fn run(args: Args) -> Result<ExitCode> {
    let report = inspect::inspect(&Image::open(&args.library)?)?;
    if args.json {
        output::json(&report)?;
    } else if args.quiet {
        for finding in &report.findings {
            output::print(&format!("{}: {finding}\n", report.file))?;
        }
    } else {
        output::print(&report.to_text())?;
    }
    Ok(match report.findings.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(1),
    })
}
