//! `cargo rt0 build`

use std::process::ExitCode;

use cargo_rt0::{Result, build};

use crate::output;

/// Build a library with its C header and pkg-config file
#[derive(clap::Args)]
#[command(after_help = "\
The library shows only its exports and lifecycle calls. It stays loaded until the process ends
(-z nodelete) and binds its symbols when it is loaded (-z now). Symbols that other languages look up stay
visible (PyInit_*, napi_register_module_v1, Java_*, uniffi_* and the like), and so do those that Cargo.toml
lists: [package.metadata.rt0] keep = [\"name\", \"start_*\"].

The unwinder is in the library, so that a load need not find libgcc_s.so.1, unless C++ is linked in or
Cargo.toml says otherwise: [package.metadata.rt0] unwinder = \"shared\".

Panic messages and debug information name no folder of this machine: the flags for that come before those
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
