//! This program as the compiler's linker, when `cargo rt0 build` runs the compiler.
//!
//! In a shared library, the compiler makes every `#[no_mangle]` item of every dependency visible, with its
//! own version script; a second script cannot take that back. So this program stands in for the linker: it
//! reads the descriptions in the object files on the command line, removes every other name from the script,
//! and then runs the real linker with the same arguments, and those that every such library needs.
//!
//! ```text
//! cargo rt0 build ── cargo rustc -C linker=<this program> ── rustc ── this program ── cc
//!                    RT0_LINK={"linker":"cc"} makes it a linker and names the real one
//! ```

mod apple;
pub mod args;
mod behind;
pub mod coff;
mod config;
mod flags;
mod inputs;
mod inside;
mod order;
mod real;
pub mod script;
mod shared;
mod tables;
pub mod wrapped;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus};
use std::{env, fs};

use rt0_abi::linking::Linker;
use serde::{Deserialize, Serialize};

pub use config::CargoConfig;
pub use flags::take_linker;
pub use real::{gnu_prefix, real_linker};

use behind::Behind;
use inside::Inside;
use tables::Tied;

use crate::error::{Error, Result};
use crate::{keep, progress, symbols};

/// The environment variable that makes this program a linker. It holds a [`Task`] as JSON.
pub const VARIABLE: &str = "RT0_LINK";

/// What the stand-in needs to know.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Task {
    /// The real linker.
    pub linker: PathBuf,
    /// Patterns of the symbols that stay visible besides the declared ones.
    pub keep: Vec<String>,
    /// Where to write which of the other symbols are hidden: a [`Seen`] as JSON.
    pub seen: PathBuf,
    /// Whether the unwinder, and what else a load would need another library for, goes into the file.
    pub inside: bool,
    /// The name by which other files depend on the library, unless its build script has given it another.
    pub soname: Option<String>,
    /// Whether the file is for an installation. Then that name counts whatever the build script says, and the file
    /// gets a number by which debuggers find its debug information.
    pub installed: bool,
    /// The target.
    pub target: String,
    /// The crate's version.
    pub version: String,
}

/// The symbols that the compiler made visible and the library does not declare.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Seen {
    /// Those that are still visible.
    pub kept: BTreeSet<String>,
    /// Those that are now hidden.
    pub hidden: BTreeSet<String>,
}

/// Call this first in `main`. If the compiler has started this program as its linker, this does the linker's
/// work and returns the exit code; if a person has started it, this returns `None`.
pub fn intercept() -> Option<ExitCode> {
    let task = env::var(VARIABLE).ok()?;
    let args: Vec<OsString> = env::args_os().skip(1).collect();
    // A build script may run the tool itself.
    if args.first().is_some_and(|arg| arg == "rt0") {
        return None;
    }
    Some(match run(&task, &args) {
        Ok(code) => code,
        Err(error) => {
            progress::line(&format!("error: {}", error.chain()));
            ExitCode::FAILURE
        }
    })
}

fn run(task: &str, args: &[OsString]) -> Result<ExitCode> {
    let task: Task = serde_json::from_str(task).map_err(|e| {
        Error::input(format!(
            "{VARIABLE} is set, which only cargo rt0 build may do: unset it"
        ))
        .because(e)
    })?;
    let all = args::expand(args)?;
    let mut more: Vec<OsString> = Vec::new();
    let mut inside = Inside::default();
    let (mut order, mut own_calls) = (None, None);
    let mut tied = Tied::default();
    if let Some(script) = args::version_script(&all)
        && args::is_shared(&all)
        && let Some(seen) = rewrite(&task, &script, &all, &script_listed, script::restrict)?
    {
        let has_wrapped = !inputs::present(&all, &[wrapped::MARK]).is_empty();
        let family = Linker::of_target(&task.target);
        more.extend(shared::options(&all, has_wrapped, family, &task));
        if task.inside {
            inside = inside::choose(&task.linker, &all, &script)?;
        }
        own_calls = Some(family.own_calls().into());
        let behind = Behind::of(&task.linker, &all);
        order = order::option(behind, &all, &script)?;
        if behind == Behind::Lld {
            // The compiler's temporary directory, which is deleted with all that is in it.
            tied = tables::tie(args, script.parent().unwrap_or(Path::new("")))?;
        }
        if !seen.kept.is_empty() {
            // This is the compiler's temporary directory: the file is deleted with it.
            let source = script.with_file_name("rt0-kept.s");
            write(&source, &keep::source(&seen.kept))?;
            more.push(source.into());
        }
    } else if let Some(definitions) = args::definition_file(&all)
        && args::is_shared(&all)
        && let Some(seen) = rewrite(&task, &definitions, &all, &coff_listed, coff::restrict)?
    {
        let notes = inputs::notes(&all)?;
        more.extend(coff::keep_notes(&notes, &seen.kept, &definitions)?);
    } else if let Some(list) = args::exported_list(&all)
        && args::is_shared(&all)
        && let Some(seen) = rewrite(&task, &list, &all, &apple_listed, apple::restrict)?
    {
        more.extend(apple::options(&all, &task));
        more.extend(apple::keep_records(&seen.kept, &list)?);
    }
    let extras = Extras {
        inside,
        own_calls,
        order,
        tied,
    };
    let status = link(&task, args, &more, extras, args::output(&all).as_deref())?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// What a link does without if it fails with it.
struct Extras {
    inside: Inside,
    /// The option for the library's calls of its own functions.
    own_calls: Option<OsString>,
    /// The option that orders the sections.
    order: Option<OsString>,
    /// Inputs whose exception tables live and die with their functions.
    tied: Tied,
}

impl Extras {
    fn is_empty(&self) -> bool {
        self.inside.is_empty()
            && self.own_calls.is_none()
            && self.order.is_none()
            && self.tied.is_empty()
    }

    /// Gives up the one that can be missed most easily.
    fn give_one_up(&mut self) {
        if self.order.take().is_some() {
            return;
        }
        if !self.tied.is_empty() {
            self.tied = Tied::default();
        } else if self.own_calls.take().is_none() {
            self.inside = Inside::default();
        }
    }
}

/// Runs the real linker, and again without whatever was of no use in the file. If a link with an extra fails, the
/// one without it counts.
fn link(
    task: &Task,
    args: &[OsString],
    more: &[OsString],
    mut extras: Extras,
    output: Option<&Path>,
) -> Result<ExitStatus> {
    let cannot = |e| {
        let linker = task.linker.display();
        Error::failed(format!("cannot run the linker {linker}")).because(e)
    };
    loop {
        let mut command = Command::new(&task.linker);
        command
            .args(args.iter().map(|arg| extras.tied.instead_of(arg)))
            .args(more)
            .args(extras.inside.options())
            .args(&extras.own_calls)
            .args(&extras.order)
            .env_remove(VARIABLE);
        if extras.is_empty() {
            return command.status().map_err(cannot);
        }
        let done = command.output().map_err(cannot)?;
        if !done.status.success() {
            extras.give_one_up();
            continue;
        }
        if let Some(less) = output.and_then(|output| extras.inside.without_the_useless(output)) {
            extras.inside = less;
            continue;
        }
        for said in [&done.stdout, &done.stderr] {
            let said = String::from_utf8_lossy(said);
            said.lines().for_each(progress::line);
        }
        return Ok(done.status);
    }
}

/// The names in a script.
type Listed = dyn Fn(&str) -> Vec<String>;

/// Removes names from a script that must not be visible.
type Restrict = fn(&str, &BTreeSet<String>) -> String;

fn script_listed(text: &str) -> Vec<String> {
    script::listed(text).map(str::to_owned).collect()
}

fn coff_listed(text: &str) -> Vec<String> {
    coff::listed(text).map(str::to_owned).collect()
}

fn apple_listed(text: &str) -> Vec<String> {
    apple::listed(text).map(str::to_owned).collect()
}

/// Removes from the compiler's script what the library neither declares nor keeps. The script is the
/// compiler's temporary file, so it is changed in place and the arguments stay the same. `None` if the
/// library was not built with rt0.
fn rewrite(
    task: &Task,
    script: &Path,
    args: &[OsString],
    listed: &Listed,
    restrict: Restrict,
) -> Result<Option<Seen>> {
    let description = inputs::description(args)?;
    let declared = symbols::declared(&description);
    if declared.is_empty() {
        // Not built with rt0: the check after the build says so.
        return Ok(None);
    }
    if description.library.is_none() {
        return Err(Error::failed(
            "the library being linked has exports but no #[rt0::init]: add a function with it, to this crate or one it depends on",
        ));
    }
    let text = fs::read_to_string(script)
        .map_err(|e| Error::failed(format!("cannot read {}", script.display())).because(e))?;
    let names: BTreeSet<String> = listed(&text).into_iter().collect();
    let others = || names.difference(&declared).map(String::as_str);
    let kept = keep::kept(others(), &task.keep);
    let hidden = others().filter(|name| !kept.contains(*name));
    let seen = Seen {
        hidden: hidden.map(str::to_owned).collect(),
        kept,
    };
    write(
        script,
        &restrict(&text, &declared.union(&seen.kept).cloned().collect()),
    )?;
    let text = serde_json::to_string(&seen)
        .map_err(|e| Error::failed("cannot encode the list of symbols").because(e))?;
    write(&task.seen, &text)?;
    Ok(Some(seen))
}

fn write(path: &Path, text: &str) -> Result<()> {
    write_bytes(path, text.as_bytes())
}

fn write_bytes(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes)
        .map_err(|e| Error::failed(format!("cannot write {}", path.display())).because(e))
}
