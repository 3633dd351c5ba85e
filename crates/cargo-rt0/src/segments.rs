//! What an ELF file's program headers say: which parts a loader maps or reads.

use object::elf;
use object::read::elf::{ElfFile, FileHeader, ProgramHeader};

/// Whether the file asks for a program interpreter, as a program does.
pub fn has_interpreter(file: &object::File<'_>) -> bool {
    match file {
        object::File::Elf32(elf) => has_segment(elf, elf::PT_INTERP),
        object::File::Elf64(elf) => has_segment(elf, elf::PT_INTERP),
        _ => false,
    }
}

/// Whether it has a segment of this type.
pub fn has_segment<Elf: FileHeader>(elf: &ElfFile<'_, Elf>, wanted: u32) -> bool {
    let endian = elf.endian();
    let mut headers = elf.elf_program_headers().iter();
    headers.any(|header| header.p_type(endian) == wanted)
}
