//! `cargo rt0 build` and nothing else, so that tests need not build the whole tool first. The compiler also runs
//! it as its linker.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    if let Some(code) = cargo_rt0::linker::intercept() {
        return code;
    }
    match cargo_rt0::build::build(&Cli::parse().options) {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", error.chain());
            ExitCode::from(error.exit_code())
        }
    }
}

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    options: cargo_rt0::build::Options,
}
