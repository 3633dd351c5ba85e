//! What an ELF file's program headers say: which parts a loader maps or reads.

use object::read::elf::{Dyn, ElfFile, FileHeader, ProgramHeader, SectionHeader};
use object::{Object, elf};

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

/// The smallest alignment of what the loader maps.
pub fn alignment<Elf: FileHeader>(elf: &ElfFile<'_, Elf>) -> Option<u64> {
    let endian = elf.endian();
    let headers = elf.elf_program_headers().iter();
    headers
        .filter(|header| header.p_type(endian) == elf::PT_LOAD)
        .map(|header| header.p_align(endian).into())
        .min()
}

/// The API level of a file for Android, which the NDK's start files write into each.
pub fn android<Elf: FileHeader>(elf: &ElfFile<'_, Elf>) -> Option<u32> {
    const OWNER: &[u8] = b"Android";
    let (endian, data) = (elf.endian(), elf.data());
    for section in elf.elf_section_table().iter() {
        let Ok(Some(mut notes)) = section.notes(endian, data) else {
            continue;
        };
        while let Ok(Some(note)) = notes.next() {
            let level = note.desc().first_chunk::<4>();
            if note.name() == OWNER
                && note.n_type(endian) == 1
                && let Some(level) = level
            {
                return Some(match elf.is_little_endian() {
                    true => u32::from_le_bytes(*level),
                    false => u32::from_be_bytes(*level),
                });
            }
        }
    }
    None
}
