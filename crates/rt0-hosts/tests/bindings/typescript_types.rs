//! What TypeScript's compiler says of the bindings.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use rt0_hosts::fixture::fixture;
use rt0_hosts::require::skipped;
use rt0_hosts::watchdog::Host;
use rt0_hosts::{npm_tool, source, workspace};

use crate::in_typescript::{NEEDS, placed, tools};
use crate::package::CONFORM;

const LIMIT: Duration = Duration::from_secs(300);

const OPTIONS: [&str; 10] = [
    "--strict",
    "--exactOptionalPropertyTypes",
    "--target",
    "es2022",
    "--lib",
    "esnext",
    "--module",
    "nodenext",
    "--types",
    "node",
];

/// Runs the compiler in a folder, beside which it finds the npm packages.
fn checked(dir: &Path, options: &[&str], files: &[PathBuf]) {
    let tsc = npm_tool("bindings", "tsc").expect("it is installed with koffi");
    let mut host = Host::new(tsc).args(OPTIONS).args(options).dir(dir);
    for file in files {
        host = host.arg(file);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    host.env("PATH", path).limit(LIMIT).run().succeeds();
}

/// Compiles the host of `examples/search` beside this package, and gives the program.
pub fn example_host(dir: &Path) -> PathBuf {
    let host = dir.join("host.ts");
    let source = workspace().join("examples/search/hosts/typescript/host.ts");
    fs::copy(source, &host).expect("it was written");
    checked(dir, &[], &[host]);
    dir.join("host.js")
}

/// The files of a package: its declarations, and the code, whose comments have types.
fn code(dir: &Path) -> Vec<PathBuf> {
    let mut files = vec![dir.join("index.d.ts"), dir.join("index.js")];
    let inside = fs::read_dir(dir.join("lib")).expect("a package");
    files.extend(inside.map(|file| file.expect("a file").path()));
    files
}

#[test]
fn tsc_is_content_with_a_program() {
    let test = "tsc_is_content_with_a_program";
    let Some((_, packages)) = tools() else {
        return skipped(test, NEEDS);
    };
    let dir = placed(&fixture(CONFORM).library(), test, false, &packages);
    // The program imports the package by its name, through what the package exports.
    let program = dir.join("typed.ts");
    fs::copy(source("bindings/typed.ts"), &program).expect("it was written");
    checked(&dir, &["--noEmit"], &[program]);
}

#[test]
fn tsc_is_content_with_the_code() {
    let test = "tsc_is_content_with_the_code";
    let Some((_, packages)) = tools() else {
        return skipped(test, NEEDS);
    };
    let dir = placed(&fixture(CONFORM).library(), test, false, &packages);
    checked(&dir, &["--noEmit", "--allowJs", "--checkJs"], &code(&dir));
}

/// A description with everything that a name or a text can do to code: the golden files of the generator.
#[test]
fn tsc_is_content_with_golden_files() {
    let test = "tsc_is_content_with_golden_files";
    let Some((_, packages)) = tools() else {
        return skipped(test, NEEDS);
    };
    // Where the compiler finds koffi.
    let dir = placed(&fixture(CONFORM).library(), test, false, &packages);
    for library in ["everything", "asynchronous"] {
        let golden = workspace().join("crates/cargo-rt0/src/bindings/golden");
        let copy = dir.join(library);
        copied(&golden.join(library).join("typescript"), &copy).expect("it can be copied");
        checked(&copy, &["--noEmit", "--allowJs", "--checkJs"], &code(&copy));
    }
}

fn copied(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copied(&entry.path(), &place)?;
        } else {
            fs::copy(entry.path(), place)?;
        }
    }
    Ok(())
}
