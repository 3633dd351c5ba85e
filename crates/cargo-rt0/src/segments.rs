//! What an ELF file's program headers say: which parts a loader maps or reads.

use object::elf;
use object::read::elf::{Dyn, ElfFile, FileHeader, ProgramHeader};

/// Whether the file, which can be placed anywhere, is a program: it asks for a program interpreter, or says so
/// itself, as one does that needs none.
pub fn is_program(file: &object::File<'_>) -> bool {
    match file {
        object::File::Elf32(elf) => has_segment(elf, elf::PT_INTERP) || says_program(elf),
        object::File::Elf64(elf) => has_segment(elf, elf::PT_INTERP) || says_program(elf),
        _ => false,
    }
}

fn says_program<Elf: FileHeader>(elf: &ElfFile<'_, Elf>) -> bool {
    let endian = elf.endian();
    let headers = elf.elf_program_headers().iter();
    let tables = headers.filter_map(|header| header.dynamic(endian, elf.data()).ok()?);
    tables
        .flatten()
        .take_while(|entry| entry.tag32(endian) != Some(elf::DT_NULL))
        .any(|entry| {
            entry.tag32(endian) == Some(elf::DT_FLAGS_1)
                && entry.d_val(endian).into() & u64::from(elf::DF_1_PIE) != 0
        })
}

/// Whether it has a segment of this type.
pub fn has_segment<Elf: FileHeader>(elf: &ElfFile<'_, Elf>, wanted: u32) -> bool {
    let endian = elf.endian();
    let mut headers = elf.elf_program_headers().iter();
    headers.any(|header| header.p_type(endian) == wanted)
}
