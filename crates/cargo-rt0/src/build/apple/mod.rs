//! The archive for Apple's systems: the compiler's own, in which every symbol but the declared ones is hidden.
//!
//! Linkers for Mach-O can't make one object file of many and hide symbols in it. So the members stay as they are, and
//! their symbol tables are rewritten: what the archive defines and does not declare becomes *private extern*, which is
//! hidden in every file that the archive is linked into. Within one link such names still meet. So they get an ending,
//! and two archives fit into one program.
//!
//! - `names.rs`: what each name becomes.
//! - `member.rs`: one object file, rewritten.
//! - `bsd.rs`: archives as Apple's linkers read them.
//! - `records.rs`: an object file with the records of kept symbols.

mod bsd;
mod member;
mod names;
mod records;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};

use object::read::archive::ArchiveFile;

use self::bsd::Member;
use self::names::Names;
use super::prelink::Extras;
use super::tools::{self, Tools};
use crate::error::{Error, Result};

/// Sections that only the compiler reads. They are most of std's objects.
const UNWANTED: [&str; 2] = ["__LLVM,__bitcode", "__LLVM,__cmdline"];

/// How the name of an archive's index begins.
const INDEX: &[u8] = b"__.SYMDEF";

/// Makes the archive from the compiler's archive and returns its bytes. `symbols` stay visible.
///
/// # Errors
/// objcopy fails, or a member is not an object file that Apple's linkers read.
pub fn make(
    compiled: &Path,
    symbols: &[String],
    extras: &Extras<'_>,
    prefix: &str,
    tools: &Tools,
) -> Result<Vec<u8>> {
    let dir = tempfile::tempdir()
        .map_err(|e| Error::failed("cannot make a temporary directory").because(e))?;
    let stripped = strip(compiled, extras, tools, dir.path())?;
    let bytes = fs::read(&stripped)
        .map_err(|e| Error::failed(format!("cannot read {}", stripped.display())).because(e))?;
    let mut members = members(&bytes).map_err(|e| {
        Error::failed(format!("{} is a damaged archive", compiled.display())).because(e)
    })?;
    let wrong = |member: &Member, why: &str| {
        let name = String::from_utf8_lossy(&member.name).into_owned();
        Error::failed(format!("{}: the member {name} {why}", compiled.display()))
    };
    let mut names = Names::new(symbols, prefix);
    for member in &members {
        member::defined(&member.data, |name| names.define(name))
            .map_err(|why| wrong(member, why))?;
    }
    for member in &mut members {
        member.data = member::rewrite(&member.data, &names).map_err(|why| wrong(member, why))?;
    }
    if let Some(first) = members.first()
        && !extras.kept.is_empty()
    {
        let data = records::object(&first.data, extras.kept);
        members.push(Member {
            name: b"rt0-kept.o".to_vec(),
            data,
        });
    }
    let mut index = Vec::new();
    for (at, member) in members.iter().enumerate() {
        member::defined(&member.data, |name| index.push((name.to_vec(), at)))
            .map_err(|why| wrong(member, why))?;
    }
    bsd::write(&members, &index)
        .ok_or_else(|| Error::failed(format!("{} is larger than 4 GB", compiled.display())))
}

/// A copy without what linkers of C programs don't need.
fn strip(compiled: &Path, extras: &Extras<'_>, tools: &Tools, dir: &Path) -> Result<PathBuf> {
    let out = dir.join("stripped.a");
    let mut command = tools.strip(&UNWANTED, extras.debug);
    tools::run(command.arg(compiled).arg(&out))?;
    Ok(out)
}

/// The object files in an archive: all but its index.
fn members(bytes: &[u8]) -> object::read::Result<Vec<Member>> {
    let archive = ArchiveFile::parse(bytes)?;
    let mut out = Vec::new();
    for member in archive.members() {
        let member = member?;
        if !member.name().starts_with(INDEX) {
            out.push(Member {
                name: member.name().to_vec(),
                data: member.data(bytes)?.to_vec(),
            });
        }
    }
    Ok(out)
}
