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

Protections depend on how the file was linked: threads, environment, descriptors, pinned, bound, symbols, pages.
With --require all, or some of these names, a missing one is a failed check.

Exit codes: 0 all checks passed, 1 a check failed, 2 the file is not a library built with rt0.

Examples:
  cargo rt0 inspect target/rt0/release/libgreeter.so
  cargo rt0 inspect --json libgreeter.so | jq .size
  cargo rt0 inspect --quiet libgreeter.so && echo good
  cargo rt0 inspect --require all dist/greeter/_native.abi3.so")]
pub struct Args {
    /// The built library
    #[arg(value_name = "LIB")]
    library: PathBuf,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
    /// Fail if one of these protections is missing: `all`, or names with commas between them
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    require: Vec<String>,
    /// Print only problems
    #[arg(short, long)]
    quiet: bool,
}

pub fn run(args: Args) -> Result<ExitCode> {
    let required = inspect::protections::required(&args.require)?;
    let mut report = inspect::inspect(&Image::open(&args.library)?)?;
    report.require(&required);
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
