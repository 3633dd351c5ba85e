//! `cargo rt0 header`

use std::path::PathBuf;
use std::process::ExitCode;

use cargo_rt0::image::Image;
use cargo_rt0::{Error, Result, description, header, progress};

use crate::output;

/// Write the C header of a built library, from the file alone
#[derive(clap::Args)]
#[command(after_help = "\
Reads shared libraries, object files and archives for any processor. The file is not loaded.

Exit codes: 0 written, 1 the output could not be written, 2 the file is not a library built with rt0.

Examples:
  cargo rt0 header target/rt0/release/libgreeter.so
  cargo rt0 header libgreeter.a -o greeter.h
  cargo rt0 header --plain libgreeter.so -o greeter.cdef")]
pub struct Args {
    /// The built library
    #[arg(value_name = "LIB")]
    library: PathBuf,
    /// Write to this file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Leave out what only a preprocessor reads, for languages that read C themselves: cffi, LuaJIT, PHP
    #[arg(long)]
    plain: bool,
    /// Print only errors
    #[arg(short, long)]
    quiet: bool,
}

pub fn run(args: Args) -> Result<ExitCode> {
    let image = Image::open(&args.library)?;
    let description = description::read(&image)?;
    let write = if args.plain {
        header::plain
    } else {
        header::generate
    };
    let text = write(&description, &image.name())
        .map_err(|e| image.error("has no C header").because(e))?;
    match args.output {
        None => output::print(&text)?,
        Some(path) => {
            std::fs::write(&path, text).map_err(|e| {
                Error::failed(format!("cannot write {}", path.display())).because(e)
            })?;
            if !args.quiet {
                progress::say("Wrote", &path.display().to_string());
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
