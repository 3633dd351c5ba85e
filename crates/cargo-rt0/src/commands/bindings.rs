//! `cargo rt0 bindings`

use std::path::PathBuf;
use std::process::ExitCode;

use cargo_rt0::bindings::{self, Lang, Package, model};
use cargo_rt0::image::Image;
use cargo_rt0::{Result, description, progress};

use crate::output;

/// Write packages that call a built library from other languages, from the file alone
#[derive(clap::Args)]
#[command(after_help = "\
Each language gets a folder of its own in DIR, with a package for that language: its manifest, its documentation, its
code. Reads shared libraries, object files and archives for any processor. The file is not loaded.

A package finds the library beside its own files, then in the variable NAME_LIBRARY, then as the system does.

Exit codes: 0 written, 1 a file could not be written, 2 the file is not a library built with rt0, or a bad name.

Examples:
  cargo rt0 bindings target/rt0/release/libgreeter.so --lang python
  cargo rt0 bindings libgreeter.so --lang python --out dist --bundle
  cargo rt0 bindings libgreeter.so --json")]
pub struct Args {
    /// The built library
    #[arg(value_name = "LIB")]
    library: PathBuf,
    /// The languages
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        required_unless_present = "json",
        conflicts_with = "json"
    )]
    lang: Vec<Lang>,
    /// Write a folder for each language here
    #[arg(long, value_name = "DIR", default_value = "bindings")]
    out: PathBuf,
    /// The packages' name [default: the library's prefix]
    #[arg(long, value_name = "NAME")]
    package: Option<String>,
    /// Put the library's file into the packages
    #[arg(long, conflicts_with = "json")]
    bundle: bool,
    /// Print what the packages are made from as JSON, for other generators
    #[arg(long)]
    json: bool,
    /// Print only errors
    #[arg(short, long)]
    quiet: bool,
}

pub fn run(args: Args) -> Result<ExitCode> {
    let image = Image::open(&args.library)?;
    let description = description::read(&image)?;
    let model = model::of(&description, &image.name())
        .map_err(|e| image.error("has no bindings").because(e))?;
    if args.json {
        output::json(&model)?;
        return Ok(ExitCode::SUCCESS);
    }
    let package = Package {
        name: args
            .package
            .unwrap_or_else(|| model.library.name.name.to_ascii_lowercase()),
        bundle: if args.bundle {
            Some(bindings::bundle(&image)?)
        } else {
            None
        },
    };
    // All of them before any is written: what one language refuses leaves nothing of another behind.
    let generate = |lang: Lang| Ok((lang, bindings::generate(&model, lang, &package)?));
    let packages: Vec<_> = args.lang.into_iter().map(generate).collect::<Result<_>>()?;
    for (lang, files) in packages {
        let dir = args.out.join(lang.name());
        bindings::write(&files, lang, &package, &image, &dir)?;
        if !args.quiet {
            progress::say("Wrote", &dir.display().to_string());
        }
        if let Some(left) = bindings::left(lang, &package, &image, &dir) {
            progress::say(
                "Note",
                &format!("{} was there before: the package uses it", left.display()),
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}
