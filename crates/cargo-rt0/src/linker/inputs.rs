//! The descriptions in the inputs of a link.

use std::ffi::OsString;

use memchr::memmem;
use object::{FileKind, Object};
use rt0_abi::decode::Description;

use super::args;
use crate::description;
use crate::error::{Error, Result};
use crate::image::Image;

/// The descriptions in the object files and archives on the command line, merged.
///
/// A file that cannot be read is left to the real linker, which knows more formats (bitcode, scripts).
///
/// # Errors
/// Two libraries with an `#[rt0::init]`.
pub fn description(args: &[OsString]) -> Result<Description> {
    let mut all = Description::default();
    for_each(args, |section, big_endian| {
        // A damaged description, or two in one object file: the linker, and the check after the build, have
        // better messages.
        let Ok(part) = Description::decode(section, big_endian) else {
            return Ok(());
        };
        description::merge(&mut all, part).map_err(|why| {
            Error::failed(format!(
                "the library being linked {why}: it can have only one"
            ))
        })
    })?;
    Ok(all)
}

/// The same, as raw bytes.
///
/// # Errors
/// Nothing fails at present.
pub fn notes(args: &[OsString]) -> Result<Vec<u8>> {
    let mut all = Vec::new();
    for_each(args, |section, _| {
        all.extend_from_slice(section);
        Ok(())
    })?;
    Ok(all)
}

/// Passes on each description, and whether its numbers are big-endian.
fn for_each(args: &[OsString], mut take: impl FnMut(&[u8], bool) -> Result<()>) -> Result<()> {
    for path in args::inputs(args) {
        let Ok(bytes) = std::fs::read(&path) else {
            continue;
        };
        // Most archives have no description, and a search is far cheaper than reading every member.
        let names = description::SECTIONS;
        if !names
            .iter()
            .any(|name| memmem::find(&bytes, name.as_bytes()).is_some())
            || FileKind::parse(&*bytes).is_err()
        {
            continue;
        }
        let image = Image::from_bytes(&path, bytes);
        let Ok(objects) = image.objects() else {
            continue;
        };
        for object in &objects {
            for section in description::sections(object).unwrap_or_default() {
                take(section, !object.is_little_endian())?;
            }
        }
    }
    Ok(())
}

/// Which of these symbols occur in the object files and archives on the command line.
pub fn present<'a>(args: &[OsString], symbols: &[&'a str]) -> Vec<&'a str> {
    let mut missing = symbols.to_vec();
    for path in args::inputs(args) {
        if missing.is_empty() {
            break;
        }
        let Ok(bytes) = std::fs::read(path) else {
            continue;
        };
        missing.retain(|symbol| memmem::find(&bytes, symbol.as_bytes()).is_none());
    }
    let mut found = symbols.to_vec();
    found.retain(|symbol| !missing.contains(symbol));
    found
}
