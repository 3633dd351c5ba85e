//! What the ELF file says about how it is linked and loaded.

use std::collections::BTreeMap;
use std::error::Error;

use object::elf;
use object::read::elf::{Dyn, ElfFile, FileHeader, Rel, Rela, Relr, SectionHeader};
use serde::Serialize;

use super::relocations::{Kind, kind};
use crate::image::Budget;
use crate::imports::{self, Glibc};
use crate::segments::{alignment, android, has_segment};

/// What the dynamic section tells the loader.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Link {
    /// The name that other files use to depend on this one.
    pub soname: Option<String>,
    /// The libraries that it needs.
    pub needed: Vec<String>,
    /// What it takes from each of them, as far as the symbols' versions say.
    pub imports: BTreeMap<String, Vec<String>>,
    /// The oldest glibc that can load it.
    pub glibc: Option<Glibc>,
    /// The loader must keep it until the process ends (`-z nodelete`).
    pub pinned: bool,
    /// Every symbol is bound at load (`-z now`).
    pub bind_now: bool,
    /// Where its thread-locals are.
    pub tls: Tls,
    /// The oldest system that can load it, in a Mach-O file and in a file for Android.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_system: Option<String>,
    /// The library's own version, in a Mach-O file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub versions: Option<Versions>,
    /// To how many bytes its parts are aligned in memory: a kernel with larger pages refuses the file. In ELF alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aligned: Option<u64>,
    /// Whether it is for Android.
    #[serde(skip)]
    pub android: bool,
}

/// The versions in a Mach-O file.
#[derive(Clone, Debug, Serialize)]
pub struct Versions {
    /// Of this file.
    pub current: String,
    /// The oldest with which it is compatible.
    pub compatibility: String,
}

/// The model of a file's thread-locals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// It has none.
    #[default]
    None,
    /// Allocated when a thread first uses them: such a file loads at any time.
    Dynamic,
    /// At a fixed place in every thread: dlopen can run out of space for them.
    Static,
}

/// How many dynamic relocations of each kind the loader must do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Relocations {
    /// All of them.
    pub total: u64,
    /// Addresses inside the file.
    pub relative: u64,
    /// Addresses of named symbols.
    pub symbol: u64,
    /// Functions of other files.
    pub call: u64,
    /// Thread-locals, dynamic.
    pub dynamic_tls: u64,
    /// Thread-locals, static.
    pub static_tls: u64,
    /// Functions that choose an address (IFUNC).
    pub chosen: u64,
    /// Anything else.
    pub other: u64,
}

impl Relocations {
    fn count(&mut self, kind: Kind, how_many: u64) {
        self.total += how_many;
        *match kind {
            Kind::Relative => &mut self.relative,
            Kind::Symbol => &mut self.symbol,
            Kind::Call => &mut self.call,
            Kind::DynamicTls => &mut self.dynamic_tls,
            Kind::StaticTls => &mut self.static_tls,
            Kind::Chosen => &mut self.chosen,
            Kind::Other => &mut self.other,
        } += how_many;
    }
}

/// Reads both from a file. `None` for a file of another format.
///
/// # Errors
/// The file is damaged, or its names are longer than the budget.
pub fn read(
    file: &object::File<'_>,
    budget: &mut Budget,
) -> Result<Option<(Link, Relocations)>, Box<dyn Error + Send + Sync>> {
    match file {
        object::File::Elf32(elf) => both(elf, budget).map(Some),
        object::File::Elf64(elf) => both(elf, budget).map(Some),
        _ => Ok(None),
    }
}

fn both<Elf: FileHeader>(
    elf: &ElfFile<'_, Elf>,
    budget: &mut Budget,
) -> Result<(Link, Relocations), Box<dyn Error + Send + Sync>> {
    let relocations = relocations(elf)?;
    let mut link = dynamic(elf, budget)?;
    if link.tls == Tls::None && has_segment(elf, elf::PT_TLS) {
        link.tls = Tls::Dynamic;
    }
    if relocations.static_tls > 0 {
        link.tls = Tls::Static;
    }
    link.aligned = alignment(elf);
    let level = android(elf);
    link.android = level.is_some();
    link.oldest_system = level.map(|level| format!("Android with the API level {level}"));
    let imports = imports::read(elf, budget)?;
    link.glibc = imports::glibc_floor(&imports);
    for import in imports {
        if let Some(library) = import.library {
            link.imports.entry(library).or_default().push(import.symbol);
        }
    }
    Ok((link, relocations))
}

fn dynamic<Elf: FileHeader>(
    elf: &ElfFile<'_, Elf>,
    budget: &mut Budget,
) -> Result<Link, Box<dyn Error + Send + Sync>> {
    let (endian, data) = (elf.endian(), elf.data());
    let sections = elf.elf_section_table();
    let mut link = Link::default();
    let Some((entries, strings)) = sections.dynamic(endian, data)? else {
        return Ok(link);
    };
    let strings = sections.strings(endian, data, strings)?;
    for entry in entries {
        let mut text = || -> Result<String, Box<dyn Error + Send + Sync>> {
            Ok(budget.text(entry.string(endian, strings)?)?)
        };
        let flag = |bit: u32| entry.d_val(endian).into() & u64::from(bit) != 0;
        match entry.tag32(endian) {
            Some(elf::DT_NULL) => break,
            Some(elf::DT_SONAME) => link.soname = Some(text()?),
            Some(elf::DT_NEEDED) => link.needed.push(text()?),
            Some(elf::DT_BIND_NOW) => link.bind_now = true,
            Some(elf::DT_FLAGS) => {
                link.bind_now |= flag(elf::DF_BIND_NOW);
                if flag(elf::DF_STATIC_TLS) {
                    link.tls = Tls::Static;
                }
            }
            Some(elf::DT_FLAGS_1) => {
                link.bind_now |= flag(elf::DF_1_NOW);
                link.pinned |= flag(elf::DF_1_NODELETE);
            }
            _ => {}
        }
    }
    Ok(link)
}

fn relocations<Elf: FileHeader>(elf: &ElfFile<'_, Elf>) -> object::read::Result<Relocations> {
    let (endian, data) = (elf.endian(), elf.data());
    let machine = elf.elf_header().e_machine(endian);
    let mut out = Relocations::default();
    for section in elf.elf_section_table().iter() {
        if section.sh_flags(endian).into() & u64::from(elf::SHF_ALLOC) == 0 {
            continue;
        }
        if let Some((entries, _)) = section.rel(endian, data)? {
            for entry in entries {
                out.count(kind(machine, entry.r_type(endian)), 1);
            }
        }
        if let Some((entries, _)) = section.rela(endian, data)? {
            for entry in entries {
                out.count(kind(machine, entry.r_type(endian, false)), 1);
            }
        }
        if section.sh_type(endian) == elf::SHT_RELR {
            let words: Option<&[Elf::Relr]> = section.data_as_array(endian, data).ok();
            for word in words.unwrap_or_default() {
                out.count(Kind::Relative, packed(word.get(endian).into()));
            }
        }
    }
    Ok(out)
}

/// How many relocations one RELR word stands for: an even word is one address, an odd word has one bit for
/// each of the next words.
fn packed(word: u64) -> u64 {
    match word & 1 {
        0 => 1,
        _ => u64::from((word >> 1).count_ones()),
    }
}
