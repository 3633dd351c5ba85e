//! The dynamic section of a built file: what it asks of the loader.

use object::read::StringTable;
use object::read::elf::{Dyn, ElfFile64, FileHeader};
use object::{Endianness, elf};

type Entries<'a> = &'a [elf::Dyn64<Endianness>];

/// Its entries, and the strings that they refer to.
pub fn section<'a>(file: &ElfFile64<'a>, bytes: &'a [u8]) -> (Entries<'a>, StringTable<'a>) {
    let endian = file.endian();
    let sections = file
        .elf_header()
        .sections(endian, bytes)
        .expect("not stripped of them");
    let (entries, link) = sections
        .dynamic(endian, bytes)
        .expect("it can be read")
        .expect("a shared library has one");
    let strings = sections
        .strings(endian, bytes, link)
        .expect("it can be read");
    (entries, strings)
}

/// The libraries that it asks for.
pub fn needed(file: &ElfFile64<'_>, entries: Entries<'_>, strings: StringTable<'_>) -> Vec<String> {
    let endian = file.endian();
    let of = |entry: &&elf::Dyn64<Endianness>| entry.tag32(endian) == Some(elf::DT_NEEDED);
    let names = entries.iter().filter(of).map(|entry| {
        let name = strings.get(entry.d_val(endian) as u32);
        String::from_utf8_lossy(name.expect("it can be read")).into_owned()
    });
    names.collect()
}
