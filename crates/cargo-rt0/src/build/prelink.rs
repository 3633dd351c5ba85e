//! Makes one object file from an archive, in which only the declared symbols are still global.
//!
//! Then two archives that each contain the Rust standard library fit into one program, and none of their
//! symbols can be mistaken for one of the host's.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use memchr::memmem;
use object::read::elf::{ElfFile, FileHeader, SectionHeader, Sym};
use object::{Object, ObjectSymbol, elf};

use super::strengthen::strengthen;
use super::tools::{self, Tools};
use crate::error::{Error, Result};
use crate::keep;
use crate::linker::wrapped;

/// The core refers to this name weakly, to know that it was linked into another file.
const MARK: &str = "rt0_in_archive";

/// Sections that only the compiler reads: linkers of C programs don't need them.
const UNWANTED: [&str; 3] = [".llvmbc", ".llvmcmd", ".rmeta"];

/// What to add to the archive.
pub struct Extras<'a> {
    /// Symbols that the file must record as kept.
    pub kept: &'a BTreeSet<String>,
    /// Whether debug information stays. std's own is in every archive, whatever the profile says.
    pub debug: bool,
    /// An archive with the unwinder, if C compilers have none that fits.
    pub unwinder: Option<&'a Path>,
}

/// Makes the object file in `dir` and returns its bytes.
///
/// # Errors
/// The linker or objcopy fails: the error has its output.
pub fn prelink(
    archive: &Path,
    symbols: &[String],
    extras: &Extras<'_>,
    prefix: &str,
    tools: &Tools,
    dir: &Path,
) -> Result<Vec<u8>> {
    let linked = link(archive, symbols, extras, prefix, tools, dir)?;
    let list = dir.join("global");
    let mut names = symbols.join("\n");
    names.push('\n');
    fs::write(&list, names)
        .map_err(|e| Error::failed(format!("cannot write {}", list.display())).because(e))?;
    let out = dir.join("local.o");
    let mut command = tools.strip(&UNWANTED, extras.debug);
    let mut option = std::ffi::OsString::from("--keep-global-symbols=");
    option.push(&list);
    tools::run(command.arg(option).arg(&linked).arg(&out))?;
    let mut bytes = fs::read(&out)
        .map_err(|e| Error::failed(format!("cannot read {}", out.display())).because(e))?;
    unmerge_local_groups(&mut bytes)
        .and_then(|()| strengthen(&mut bytes, wrapped::NEEDED))
        .map_err(|e| Error::failed("cannot read the prelinked object file").because(e))?;
    Ok(bytes)
}

/// Links everything into one object file. Leaves out sections that no declared symbol reaches, if the linker
/// can do that with relocatable output.
fn link(
    archive: &Path,
    symbols: &[String],
    extras: &Extras<'_>,
    prefix: &str,
    tools: &Tools,
    dir: &Path,
) -> Result<PathBuf> {
    let out = dir.join("all.o");
    let records = dir.join("kept.s");
    fs::write(&records, keep::source(extras.kept))
        .map_err(|e| Error::failed(format!("cannot write {}", records.display())).because(e))?;
    let bytes = fs::read(archive)
        .map_err(|e| Error::failed(format!("cannot read {}", archive.display())).because(e))?;
    let has_wrapped = memmem::find(&bytes, wrapped::MARK.as_bytes()).is_some();
    let attempt = |collect: bool, more: &[&str]| {
        let mut command = Command::new(&tools.cc);
        command.args(["-r", "-nostdlib", "-o"]).arg(&out);
        command.args(more);
        if collect {
            command.arg("-Wl,--gc-sections");
        }
        for symbol in symbols {
            command.arg(format!("-Wl,-u,{symbol}"));
        }
        command.arg(format!("-Wl,--defsym={MARK}={prefix}_state"));
        // These become local in the end like all others: no code of the host's reaches them.
        if has_wrapped {
            command.args(wrapped::options());
        }
        if !extras.kept.is_empty() {
            command.arg(&records);
        }
        command
            .arg("-Wl,--whole-archive")
            .arg(archive)
            .arg("-Wl,--no-whole-archive")
            .args(extras.unwinder);
        tools::run(&mut command)
    };
    // Some linkers refuse --gc-sections here; lld accepts it and loses the unwind tables.
    let link = |more: &[&str]| match attempt(true, more) {
        Ok(_) if has_unwind_tables(&out) => Ok(()),
        _ => attempt(false, more).map(drop),
    };
    link(&[])?;
    // mold silently ignores --defsym here.
    if !has_names(&out, has_wrapped)
        && (link(&["-fuse-ld=bfd"]).is_err() || !has_names(&out, has_wrapped))
    {
        return Err(Error::failed(format!(
            "the linker that {} runs can't make the archive: like mold, it ignores --defsym in relocatable \
             output. Install GNU's ld (binutils) too; the shared library can keep your linker",
            tools.cc.display()
        )));
    }
    Ok(out)
}

/// Whether the linker has obeyed `--defsym`.
fn has_names(object: &Path, has_wrapped: bool) -> bool {
    let bytes = fs::read(object).unwrap_or_default();
    let Ok(file) = object::File::parse(&*bytes) else {
        return false;
    };
    let defined: BTreeSet<_> = file
        .symbols()
        .filter(|symbol| !symbol.is_undefined())
        .filter_map(|symbol| symbol.name().ok())
        .collect();
    let names = has_wrapped.then(wrapped::names).into_iter().flatten();
    std::iter::once(MARK.to_owned())
        .chain(names)
        .all(|name| defined.contains(&*name))
}

/// Without these, the first panic would end the process.
fn has_unwind_tables(object: &Path) -> bool {
    let bytes = fs::read(object).unwrap_or_default();
    let names = [".eh_frame", ".ARM.exidx"];
    object::File::parse(&*bytes).is_ok_and(|file| {
        names
            .iter()
            .any(|name| file.section_by_name(name).is_some())
    })
}

/// Linkers merge a section group with every other group of the same name, even if that name is now a local
/// symbol: the second archive in a program would lose sections that its own code refers to. So groups with a
/// local name are no longer marked as mergeable.
fn unmerge_local_groups(bytes: &mut [u8]) -> object::read::Result<()> {
    let (words, big) = match object::File::parse(&*bytes)? {
        object::File::Elf32(elf) => (local_groups(&elf)?, !elf.is_little_endian()),
        object::File::Elf64(elf) => (local_groups(&elf)?, !elf.is_little_endian()),
        _ => return Ok(()),
    };
    for at in words {
        let Some(word) = bytes
            .get_mut(at..)
            .and_then(|rest| rest.first_chunk_mut::<4>())
        else {
            continue;
        };
        let flags = if big {
            u32::from_be_bytes(*word)
        } else {
            u32::from_le_bytes(*word)
        };
        let flags = flags & !elf::GRP_COMDAT;
        *word = if big {
            flags.to_be_bytes()
        } else {
            flags.to_le_bytes()
        };
    }
    Ok(())
}

/// The offsets in the file of the flags of each group whose name is a local symbol.
fn local_groups<Elf: FileHeader>(file: &ElfFile<'_, Elf>) -> object::read::Result<BTreeSet<usize>> {
    let (endian, data) = (file.endian(), file.data());
    let sections = file.elf_section_table();
    let symbols = sections.symbols(endian, data, elf::SHT_SYMTAB)?;
    let mut out = BTreeSet::new();
    for section in sections.iter() {
        if section.sh_type(endian) != elf::SHT_GROUP {
            continue;
        }
        let index = object::SymbolIndex(section.sh_info(endian) as usize);
        if symbols.symbol(index)?.st_bind() == elf::STB_LOCAL
            && let Ok(at) = usize::try_from(section.sh_offset(endian).into())
        {
            out.insert(at);
        }
    }
    Ok(out)
}
