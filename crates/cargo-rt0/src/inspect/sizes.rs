//! How many bytes each part of a file takes.

use std::collections::BTreeSet;

use memchr::memmem;
use object::{
    BinaryFormat, Object, ObjectSection, ObjectSymbol, SectionFlags, SymbolScope, elf, macho, pe,
};
use serde::Serialize;

use crate::description;
use crate::error::Result;
use crate::image::Image;
use crate::macho::{self as commands, c_name};

/// Bytes by part, and what was stripped. All but `bss` and `file` are bytes of sections in the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sizes {
    /// The whole file.
    pub file: u64,
    /// Code.
    pub text: u64,
    /// Constants.
    pub rodata: u64,
    /// Variables with a value, and constants that hold addresses.
    pub data: u64,
    /// Variables that begin as zero: they take space only in memory.
    pub bss: u64,
    /// Tables for unwinding.
    pub eh_frame: u64,
    /// Relocations: for the loader, or for the linker in an object file.
    pub relocations: u64,
    /// Names and hashes for the loader.
    pub dynamic_symbols: u64,
    /// The description.
    pub description: u64,
    /// Names of local functions, and debug information.
    pub debug: u64,
    /// The rest: headers, padding, section names.
    pub other: u64,
    /// It has no symbol table: backtraces show no names.
    pub stripped: bool,
}

/// Adds up the sections of all object files; `file` is the size of the whole file.
pub fn measure(objects: &[object::File<'_>], file: u64) -> Sizes {
    let mut out = Sizes {
        file,
        stripped: objects.iter().all(is_stripped),
        ..Sizes::default()
    };
    for object in objects {
        // What is not in sections there.
        if let object::File::MachO64(file) = object
            && let Ok(commands) = commands::read(file)
        {
            out.relocations = out.relocations.saturating_add(commands.fixups);
            out.dynamic_symbols = out.dynamic_symbols.saturating_add(commands.exports_size());
            out.debug = out.debug.saturating_add(commands.symbols);
        }
    }
    for section in objects.iter().flat_map(|object| object.sections()) {
        let segment = section.segment_name_bytes().ok().flatten();
        let Some(flags) = Flags::of(section.flags(), segment.unwrap_or_default()) else {
            continue;
        };
        let name = section.name_bytes().unwrap_or_default();
        let starts = |prefixes: &[&str]| prefixes.iter().any(|p| name.starts_with(p.as_bytes()));
        let size = section.size();
        let in_file = section.file_range().map_or(0, |(_, size)| size);
        let part = if in_file == 0 {
            if flags.loaded {
                out.bss = out.bss.saturating_add(size);
            }
            continue;
        } else if description::is_name(name) {
            &mut out.description
        } else if starts(&[".rel", ".reloc"]) {
            &mut out.relocations
        } else if !flags.loaded || starts(&[".debug"]) {
            &mut out.debug
        } else if starts(&[
            ".eh_frame",
            ".gcc_except_table",
            ".ARM.ex",
            ".pdata",
            ".xdata",
            "__eh_frame",
            "__gcc_except_tab",
            "__unwind_info",
            "__compact_unwind",
        ]) {
            &mut out.eh_frame
        } else if starts(&[
            ".dyn",
            ".gnu.hash",
            ".hash",
            ".gnu.version",
            ".edata",
            ".idata",
        ]) {
            &mut out.dynamic_symbols
        } else if flags.code {
            &mut out.text
        } else if flags.written {
            &mut out.data
        } else {
            &mut out.rodata
        };
        *part = part.saturating_add(in_file);
    }
    let known = [
        out.text,
        out.rodata,
        out.data,
        out.eh_frame,
        out.relocations,
        out.dynamic_symbols,
        out.description,
        out.debug,
    ];
    let known = known
        .iter()
        .fold(0u64, |sum, part| sum.saturating_add(*part));
    out.other = file.saturating_sub(known);
    out
}

/// What a section says about itself, in either format.
struct Flags {
    loaded: bool,
    code: bool,
    written: bool,
}

impl Flags {
    fn of(flags: SectionFlags, segment: &[u8]) -> Option<Flags> {
        match flags {
            SectionFlags::Elf { sh_flags } => {
                let has = |flag: u32| sh_flags & u64::from(flag) != 0;
                Some(Flags {
                    loaded: has(elf::SHF_ALLOC),
                    code: has(elf::SHF_EXECINSTR),
                    written: has(elf::SHF_WRITE),
                })
            }
            SectionFlags::Coff { characteristics } => {
                let has = |flag: u32| characteristics & flag != 0;
                Some(Flags {
                    loaded: !has(pe::IMAGE_SCN_LNK_REMOVE | pe::IMAGE_SCN_LNK_INFO),
                    code: has(pe::IMAGE_SCN_MEM_EXECUTE),
                    written: has(pe::IMAGE_SCN_MEM_WRITE),
                })
            }
            SectionFlags::MachO { flags } => {
                let code = macho::S_ATTR_PURE_INSTRUCTIONS | macho::S_ATTR_SOME_INSTRUCTIONS;
                Some(Flags {
                    loaded: flags & macho::S_ATTR_DEBUG == 0 && segment != b"__DWARF",
                    code: flags & code != 0,
                    written: segment.starts_with(b"__DATA"),
                })
            }
            _ => None,
        }
    }
}

/// Whether it has no names of local functions.
fn is_stripped(object: &object::File<'_>) -> bool {
    let mut symbols = object.symbols();
    match object.format() {
        // There the other files' names are in the same table.
        BinaryFormat::MachO => !symbols.any(|symbol| symbol.is_local() && symbol.is_definition()),
        _ => symbols.next().is_none(),
    }
}

/// Whether the file contains the Rust standard library: every panic in it has a source path.
pub fn has_std(objects: &[object::File<'_>]) -> bool {
    let wanted = b"/library/std/src/";
    let mut sections = objects.iter().flat_map(|object| object.sections());
    sections.any(|section| {
        let name = section.name_bytes().unwrap_or_default();
        let constants: [&[u8]; 5] = [
            b".rodata",
            b".data.rel.ro",
            b".rdata",
            b"__const",
            b"__cstring",
        ];
        if !constants.iter().any(|start| name.starts_with(start)) {
            return false;
        }
        memmem::find(section.data().unwrap_or_default(), wanted).is_some()
    })
}

/// The symbols that other files can see: a linked file's dynamic ones, else the global ones. In an object file of ELF's
/// a hidden symbol is still in the way of the host's own of that name; Mach-O's private ones are at most that, and what
/// the tool hides has no name that a host has.
///
/// # Errors
/// The names overlap, as no linker places them.
pub fn visible(
    image: &Image,
    objects: &[object::File<'_>],
    linked: bool,
) -> Result<BTreeSet<String>> {
    let mut budget = image.budget();
    let mut out = BTreeSet::new();
    let mut add = |name: &[u8]| -> Result<()> {
        let name = budget.text(name);
        out.insert(name.map_err(|why| image.error(why))?);
        Ok(())
    };
    for object in objects {
        if let object::File::MachO64(file) = object
            && linked
        {
            let commands = commands::read(file);
            let commands =
                commands.map_err(|e| image.error("is damaged or truncated").because(e))?;
            let exports = commands::exports(&commands, image.bytes());
            for name in exports.map_err(|why| image.error(why))? {
                add(c_name(&name))?;
            }
            continue;
        }
        let is_macho = object.format() == BinaryFormat::MachO;
        if linked && object.format() == BinaryFormat::Pe {
            for export in object.exports().unwrap_or_default() {
                add(export.name())?;
            }
            continue;
        }
        let symbols = if linked {
            object.dynamic_symbols()
        } else {
            object.symbols()
        };
        for symbol in symbols {
            let hidden = (linked || is_macho) && symbol.scope() == SymbolScope::Linkage;
            if symbol.is_global() && !symbol.is_undefined() && !hidden {
                let name = symbol.name_bytes().unwrap_or_default();
                add(if is_macho { c_name(name) } else { name })?;
            }
        }
    }
    Ok(out)
}
