//! `cargo rt0 build`

use std::process::ExitCode;

use cargo_rt0::{Result, build};

use crate::output;

/// Build a library with its C header and pkg-config file
#[derive(clap::Args)]
#[command(after_help = "\
Only the declared exports and the lifecycle calls are visible in the result, which stays loaded
until the process ends (-z nodelete) and finds its symbols when it is loaded (-z now). What hosts of
other languages look up (PyInit_*, napi_register_module_v1, Java_*, uniffi_* and the like) stays visible,
and so does what Cargo.toml lists: [package.metadata.rt0] keep = [\"name\", \"start_*\"].

Texts of panics and debug information name no folder of this machine: flags for that go before those
of RUSTFLAGS or .cargo/config.toml. Start a debugger in the workspace's folder.

Exit codes: 0 built, 1 the build or a check failed, 2 no such project, package or library.

Examples:
  cargo rt0 build
  cargo rt0 build --release --static --out dist
  cargo rt0 build --target aarch64-unknown-linux-gnu
  cargo rt0 build --json --quiet | jq -r .library")]
pub struct Args {
    #[command(flatten)]
    options: build::Options,
    /// Print what was built as JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> Result<ExitCode> {
    let built = build::build(&args.options)?;
    if args.json {
        output::json(&built)?;
    }
    Ok(ExitCode::SUCCESS)
}
