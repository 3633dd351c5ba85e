//! What a shared library needs from others, according to its file, for any processor.

use object::elf::{self, FileHeader32, FileHeader64};
use object::read::elf::{Dyn, ElfFile, FileHeader, SectionHeader};
use object::{Endianness, FileKind, Object, ObjectSymbol};

use crate::fixture::Fixture;

/// Checks that this library needs no other one, not even for a symbol, has no thread-locals, and exports only
/// its own names.
///
/// # Panics
/// A check fails: with what is wrong.
#[track_caller]
pub fn nothing(library: &Fixture) {
    let path = library.library();
    let data = std::fs::read(&path).expect("it was built");
    match FileKind::parse(&*data) {
        Ok(FileKind::Elf32) => check::<FileHeader32<Endianness>>(library, &path, &data),
        Ok(FileKind::Elf64) => check::<FileHeader64<Endianness>>(library, &path, &data),
        other => panic!("{path} is {other:?}"),
    }
}

#[track_caller]
fn check<Elf: FileHeader<Endian = Endianness>>(library: &Fixture, path: &str, data: &[u8]) {
    let file = ElfFile::<Elf>::parse(data).expect("a shared library");
    let endian = file.endian();
    let sections = file.elf_section_table();
    let (entries, _) = sections
        .dynamic(endian, data)
        .expect("it can be read")
        .expect("it has a dynamic section");
    for entry in entries {
        let tag = entry.tag32(endian).unwrap_or(0);
        assert_ne!(tag, elf::DT_NEEDED, "{path} needs another library");
        assert_ne!(tag, elf::DT_TEXTREL, "{path} has relocations in its code");
        let flags: u64 = entry.d_val(endian).into();
        let initial_exec = tag == elf::DT_FLAGS && flags & u64::from(elf::DF_STATIC_TLS) != 0;
        assert!(!initial_exec, "{path}: initial-exec thread-locals");
    }
    for section in sections.iter() {
        let flags: u64 = section.sh_flags(endian).into();
        assert_eq!(
            flags & u64::from(elf::SHF_TLS),
            0,
            "{path} has thread-locals"
        );
    }
    let mut weak = 0;
    // Some linkers list sections among the symbols, without a name.
    for symbol in file.dynamic_symbols().filter(|symbol| !symbol.is_local()) {
        let name = symbol.name().expect("text");
        if symbol.is_undefined() {
            assert!(symbol.is_weak(), "{path} needs {name}");
            weak += 1;
        } else {
            assert!(name.starts_with(library.name), "{path} exports {name}");
        }
    }
    assert!(weak > 10, "{path}: it should look for a C library");
}
