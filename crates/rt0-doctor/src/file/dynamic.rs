//! What the loader reads of a file.

use std::error::Error;

use object::elf;
use object::read::elf::{Dyn, ElfFile, FileHeader, ProgramHeader, Rel, Rela, SectionHeader, Sym};

use super::Budget;
use super::imports::{self, Import};

/// What the loader reads of a file.
#[derive(Debug, Default)]
pub struct Dynamic {
    /// The processor, by ELF's number.
    pub machine: u16,
    /// Whether addresses have 64 bits.
    pub is_64: bool,
    /// `DT_SONAME`.
    pub soname: Option<String>,
    /// `DT_NEEDED`.
    pub needed: Vec<String>,
    /// `DT_TEXTREL` or `DF_TEXTREL`.
    pub text_relocations: bool,
    /// `DF_STATIC_TLS`.
    pub static_tls: bool,
    /// `DF_BIND_NOW` or its like.
    pub bind_now: bool,
    /// `DF_1_NODELETE`.
    pub pinned: bool,
    /// `DT_RUNPATH` or `DT_RPATH`: folders, with `$ORIGIN`.
    pub run_paths: Vec<String>,
    /// Whether it has `DT_JMPREL`: functions that may be bound late.
    pub has_plt: bool,
    /// The segments.
    segments: Vec<Segment>,
    /// The places that relocations change, with their kind: `r_offset`, `r_type`.
    pub relocations: Vec<(u64, u32)>,
    /// The symbols that the file defines for others.
    pub exports: Vec<Symbol>,
    /// The symbols that others must define.
    pub undefined: Vec<Symbol>,
    /// The same with versions.
    pub imports: Vec<Import>,
}

/// A segment.
#[derive(Clone, Copy, Debug)]
pub struct Segment {
    /// `PT_...`
    pub kind: u32,
    /// `PF_...`
    pub flags: u32,
    /// Its address.
    pub address: u64,
    /// Its size in memory.
    pub size: u64,
}

/// A dynamic symbol.
#[derive(Clone, Debug)]
pub struct Symbol {
    /// Its name.
    pub name: String,
    /// `STV_...`
    pub visibility: u8,
    /// Whether it is weak.
    pub weak: bool,
    /// `STT_...`
    pub kind: u8,
}

impl Dynamic {
    /// The segments of this kind.
    pub fn segments(&self, kind: u32) -> impl Iterator<Item = &Segment> {
        self.segments
            .iter()
            .filter(move |segment| segment.kind == kind)
    }
}

impl Segment {
    /// Whether this address is in it.
    pub fn holds(&self, address: u64) -> bool {
        address >= self.address && address - self.address < self.size
    }
}

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Reads a file of this many bytes.
pub(super) fn read<Elf: FileHeader>(file: &ElfFile<'_, Elf>, bytes: usize) -> Result<Dynamic> {
    let budget = &mut Budget::of(bytes);
    let endian = file.endian();
    let header = file.elf_header();
    let mut out = Dynamic {
        machine: header.e_machine(endian),
        is_64: header.is_type_64(),
        ..Dynamic::default()
    };
    for segment in file.elf_program_headers() {
        out.segments.push(Segment {
            kind: segment.p_type(endian),
            flags: segment.p_flags(endian),
            address: segment.p_vaddr(endian).into(),
            size: segment.p_memsz(endian).into(),
        });
    }
    entries(file, &mut out, budget)?;
    relocations(file, &mut out)?;
    symbols(file, &mut out, budget)?;
    // Their versions come on top of the same names.
    out.imports = imports::read(file, &mut Budget::of(bytes))?;
    Ok(out)
}

fn entries<Elf: FileHeader>(
    file: &ElfFile<'_, Elf>,
    out: &mut Dynamic,
    budget: &mut Budget,
) -> Result<()> {
    let (endian, data) = (file.endian(), file.data());
    let sections = file.elf_section_table();
    let Some((entries, strings)) = sections.dynamic(endian, data)? else {
        return Ok(());
    };
    let strings = sections.strings(endian, data, strings)?;
    for entry in entries {
        let mut text = || -> Result<String> { Ok(budget.text(entry.string(endian, strings)?)?) };
        let flag = |bit: u32| entry.d_val(endian).into() & u64::from(bit) != 0;
        match entry.tag32(endian) {
            Some(elf::DT_NULL) => break,
            Some(elf::DT_SONAME) => out.soname = Some(text()?),
            Some(elf::DT_NEEDED) => out.needed.push(text()?),
            Some(elf::DT_RUNPATH | elf::DT_RPATH) => {
                out.run_paths.extend(text()?.split(':').map(str::to_owned));
            }
            Some(elf::DT_TEXTREL) => out.text_relocations = true,
            Some(elf::DT_BIND_NOW) => out.bind_now = true,
            Some(elf::DT_JMPREL) => out.has_plt = true,
            Some(elf::DT_FLAGS) => {
                out.bind_now |= flag(elf::DF_BIND_NOW);
                out.text_relocations |= flag(elf::DF_TEXTREL);
                out.static_tls |= flag(elf::DF_STATIC_TLS);
            }
            Some(elf::DT_FLAGS_1) => {
                out.bind_now |= flag(elf::DF_1_NOW);
                out.pinned |= flag(elf::DF_1_NODELETE);
            }
            _ => {}
        }
    }
    Ok(())
}

fn relocations<Elf: FileHeader>(file: &ElfFile<'_, Elf>, out: &mut Dynamic) -> Result<()> {
    let (endian, data) = (file.endian(), file.data());
    for section in file.elf_section_table().iter() {
        if section.sh_flags(endian).into() & u64::from(elf::SHF_ALLOC) == 0 {
            continue;
        }
        if let Some((entries, _)) = section.rel(endian, data)? {
            let all = entries.iter();
            out.relocations
                .extend(all.map(|entry| (entry.r_offset(endian).into(), entry.r_type(endian))));
        }
        if let Some((entries, _)) = section.rela(endian, data)? {
            let all = entries.iter();
            out.relocations.extend(
                all.map(|entry| (entry.r_offset(endian).into(), entry.r_type(endian, false))),
            );
        }
    }
    Ok(())
}

fn symbols<Elf: FileHeader>(
    file: &ElfFile<'_, Elf>,
    out: &mut Dynamic,
    budget: &mut Budget,
) -> Result<()> {
    let endian = file.endian();
    let table = file.elf_dynamic_symbol_table();
    for symbol in table.iter() {
        let name = symbol.name(endian, table.strings())?;
        if name.is_empty() {
            continue;
        }
        let found = Symbol {
            name: budget.text(name)?,
            visibility: symbol.st_visibility(),
            weak: symbol.st_bind() == elf::STB_WEAK,
            kind: symbol.st_type(),
        };
        if symbol.st_shndx(endian) == elf::SHN_UNDEF {
            out.undefined.push(found);
        } else if symbol.st_bind() != elf::STB_LOCAL {
            out.exports.push(found);
        }
    }
    Ok(())
}
