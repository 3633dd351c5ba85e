//! The compiler's linker, when `cargo rt0 build` runs it.
//!
//! The compiler makes every `#[no_mangle]` item of every dependency visible in a shared library, by a
//! version script of its own; a second script cannot take that back. So this program stands in for
//! the linker: it reads the descriptions in the object files on the command line, takes everything
//! else out of the script, and then runs the real linker with the same arguments.
//!
//! ```text
//! cargo rt0 build ── cargo rustc -C linker=<this program> ── rustc ── this program ── cc
//!                    RT0_LINK={"linker":"cc"} says who it is and whom to call
//! ```

pub mod args;
pub mod coff;
mod config;
mod inputs;
pub mod ours;
mod real;
pub mod script;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs};

use serde::{Deserialize, Serialize};

pub use config::CargoConfig;
pub use real::{gnu_prefix, real_linker};

use crate::error::{Error, Result};
use crate::symbols;

/// The environment variable that makes this program a linker. It holds a [`Task`] as JSON.
pub const VARIABLE: &str = "RT0_LINK";

/// What the stand-in has to know.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Task {
    /// The real linker.
    pub linker: PathBuf,
}

/// To be called first in `main`: does the linker's work and gives its exit code when the compiler
/// started this program as its linker; `None` when a person did.
pub fn intercept() -> Option<ExitCode> {
    let task = env::var(VARIABLE).ok()?;
    let args: Vec<OsString> = env::args_os().skip(1).collect();
    // A build script may call the tool itself.
    if args.first().is_some_and(|arg| arg == "rt0") {
        return None;
    }
    Some(match run(&task, &args) {
        Ok(code) => code,
        Err(error) => {
            crate::progress::line(&format!("error: {}", error.chain()));
            ExitCode::FAILURE
        }
    })
}

fn run(task: &str, args: &[OsString]) -> Result<ExitCode> {
    let task: Task = serde_json::from_str(task)
        .map_err(|e| Error::input(format!("{VARIABLE} is for cargo rt0 build only")).because(e))?;
    let all = args::expand(args)?;
    let mut more: Vec<OsString> = Vec::new();
    if let Some(script) = args::version_script(&all)
        && args::is_shared(&all)
        && rewrite(&script, &all, script::restrict)?
        && inputs::hold(&all, ours::MARK)
    {
        more.extend(ours::options().map(OsString::from));
    } else if let Some(definitions) = args::definition_file(&all)
        && args::is_shared(&all)
        && rewrite(&definitions, &all, coff::restrict)?
    {
        more.extend(coff::keep_notes(&inputs::notes(&all)?, &definitions)?);
    }
    let status = Command::new(&task.linker)
        .args(args)
        .args(more)
        .env_remove(VARIABLE)
        .status()
        .map_err(|e| {
            let linker = task.linker.display();
            Error::failed(format!("cannot run the linker {linker}")).because(e)
        })?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Takes out of a script what is not declared.
type Restrict = fn(&str, &BTreeSet<String>) -> String;

/// Takes what the library does not declare out of the compiler's script. The script is the
/// compiler's temporary file, so it is changed in place and no argument has to change. False when this
/// is no library of ours.
fn rewrite(script: &Path, args: &[OsString], restrict: Restrict) -> Result<bool> {
    let description = inputs::description(args)?;
    let declared = symbols::declared(&description);
    if declared.is_empty() {
        // Not one of ours: the check after the build says so in plain words.
        return Ok(false);
    }
    if description.library.is_none() {
        return Err(Error::failed(
            "the library being linked has exports and no #[rt0::init]: add a function with it, in this crate or in one that it depends on",
        ));
    }
    let fail =
        |what: &str, e| Error::failed(format!("cannot {what} {}", script.display())).because(e);
    let text = fs::read_to_string(script).map_err(|e| fail("read", e))?;
    fs::write(script, restrict(&text, &declared)).map_err(|e| fail("write", e))?;
    Ok(true)
}
