//! What takes how much of a file.

use std::collections::BTreeSet;

use object::{Object, ObjectSection, ObjectSymbol, SectionFlags, elf};
use serde::Serialize;

use crate::search;

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
    /// Variables that begin as zero: in memory only.
    pub bss: u64,
    /// Tables for unwinding.
    pub eh_frame: u64,
    /// Relocations: for the loader, in an object file for the linker.
    pub relocations: u64,
    /// Names and hashes for the loader.
    pub dynamic_symbols: u64,
    /// The description.
    pub description: u64,
    /// Names of local functions, debug information.
    pub debug: u64,
    /// The rest: headers, padding, section names.
    pub other: u64,
    /// No symbol table: backtraces show no names.
    pub stripped: bool,
}

/// Adds up the sections of each object file in a file of that size.
pub fn measure(objects: &[object::File<'_>], file: u64) -> Sizes {
    let mut out = Sizes {
        file,
        stripped: objects.iter().all(|o| o.symbols().next().is_none()),
        ..Sizes::default()
    };
    for section in objects.iter().flat_map(|object| object.sections()) {
        let SectionFlags::Elf { sh_flags } = section.flags() else {
            continue;
        };
        let name = section.name_bytes().unwrap_or_default();
        let has = |flag: u32| sh_flags & u64::from(flag) != 0;
        let starts = |prefixes: &[&str]| prefixes.iter().any(|p| name.starts_with(p.as_bytes()));
        let size = section.size();
        let in_file = section.file_range().map_or(0, |(_, size)| size);
        let part = if in_file == 0 {
            if has(elf::SHF_ALLOC) {
                out.bss = out.bss.saturating_add(size);
            }
            continue;
        } else if name == rt0_abi::SECTION.as_bytes() {
            &mut out.description
        } else if starts(&[".rel"]) {
            &mut out.relocations
        } else if !has(elf::SHF_ALLOC) {
            &mut out.debug
        } else if starts(&[".eh_frame", ".gcc_except_table", ".ARM.ex"]) {
            &mut out.eh_frame
        } else if starts(&[".dyn", ".gnu.hash", ".hash", ".gnu.version"]) {
            &mut out.dynamic_symbols
        } else if has(elf::SHF_EXECINSTR) {
            &mut out.text
        } else if has(elf::SHF_WRITE) {
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

/// Whether the file has the Rust standard library inside: its source paths are in every panic.
pub fn has_std(objects: &[object::File<'_>]) -> bool {
    let wanted = b"/library/std/src/";
    let mut sections = objects.iter().flat_map(|object| object.sections());
    sections.any(|section| {
        let name = section.name_bytes().unwrap_or_default();
        if !name.starts_with(b".rodata") && !name.starts_with(b".data.rel.ro") {
            return false;
        }
        search::contains(section.data().unwrap_or_default(), wanted)
    })
}

/// The symbols that others can see: of a linked file the dynamic ones, else the global ones.
pub fn visible(objects: &[object::File<'_>], linked: bool) -> BTreeSet<String> {
    let of_one = |object: &object::File<'_>| -> Vec<String> {
        let seen = |symbol: &object::Symbol<'_, '_>| {
            let hidden = linked && symbol.scope() == object::SymbolScope::Linkage;
            symbol.is_global() && !symbol.is_undefined() && !hidden
        };
        let name = |symbol: object::Symbol<'_, '_>| {
            String::from_utf8_lossy(symbol.name_bytes().unwrap_or_default()).into_owned()
        };
        if linked {
            object.dynamic_symbols().filter(seen).map(name).collect()
        } else {
            object.symbols().filter(seen).map(name).collect()
        }
    };
    objects.iter().flat_map(of_one).collect()
}
