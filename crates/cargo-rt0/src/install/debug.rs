//! Takes the debug information out of a shared library, into a file where debuggers look for it.

use std::fs;
use std::path::Path;

use object::{Object, ObjectSection};

use super::DebugInfo;
use crate::build::tools::{self, Tools};
use crate::error::{Error, Result};

/// A library without its debug information.
pub struct Stripped {
    /// The library.
    pub library: Vec<u8>,
    /// The debug information, if it is to be installed.
    pub debug: Option<Vec<u8>>,
}

/// The number that the linker has given the file.
///
/// # Errors
/// The file can't be read as one.
pub fn build_id(library: &[u8]) -> Result<Option<String>> {
    let file = parse(library)?;
    let id = file.build_id().map_err(unreadable)?;
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(id.map(hex))
}

/// Takes it out. `debug_name`: the name of the file that will hold it. `None` if there is nothing to take out.
///
/// # Errors
/// objcopy fails: the error has its output.
pub fn take(
    library: &Path,
    how: DebugInfo,
    debug_name: &str,
    tools: &Tools,
) -> Result<Option<Stripped>> {
    if how == DebugInfo::Keep || !has_any(&read(library)?)? {
        return Ok(None);
    }
    let dir = tempfile::tempdir()
        .map_err(|e| Error::failed("cannot make a temporary directory").because(e))?;
    let stripped = dir.path().join("stripped");
    let debug = dir.path().join(debug_name);
    let mut command = tools.objcopy();
    command.arg("--strip-debug");
    if how == DebugInfo::Split {
        let mut split = tools.objcopy();
        tools::run(split.arg("--only-keep-debug").arg(library).arg(&debug))?;
        let mut link = std::ffi::OsString::from("--add-gnu-debuglink=");
        link.push(&debug);
        command.arg(link);
    }
    tools::run(command.arg(library).arg(&stripped))?;
    Ok(Some(Stripped {
        library: read(&stripped)?,
        debug: match how {
            DebugInfo::Split => Some(read(&debug)?),
            _ => None,
        },
    }))
}

/// Whether the file has debug information.
fn has_any(library: &[u8]) -> Result<bool> {
    let file = parse(library)?;
    let mut names = file.sections();
    Ok(names.any(|section| {
        let name = section.name().unwrap_or_default();
        name.starts_with(".debug_") || name.starts_with(".zdebug_")
    }))
}

fn parse(bytes: &[u8]) -> Result<object::File<'_>> {
    object::File::parse(bytes).map_err(unreadable)
}

fn unreadable(error: object::Error) -> Error {
    Error::failed("cannot read the library that was built").because(error)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|e| Error::failed(format!("cannot read {}", path.display())).because(e))
}
