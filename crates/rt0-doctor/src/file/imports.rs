//! What a file takes from others, with the versions.

use std::error::Error;

use object::elf::SHN_UNDEF;
use object::read::elf::{ElfFile, FileHeader, Sym};

/// A symbol that another file must define.
#[derive(Clone, Debug)]
pub struct Import {
    /// Its name.
    pub symbol: String,
    /// The library that must have it, if its version says so.
    pub library: Option<String>,
    /// Its version, such as `GLIBC_2.34`.
    pub version: Option<String>,
}

pub(super) fn read<Elf: FileHeader>(
    file: &ElfFile<'_, Elf>,
) -> Result<Vec<Import>, Box<dyn Error + Send + Sync>> {
    let (endian, data) = (file.endian(), file.data());
    let versions = file.elf_section_table().versions(endian, data)?;
    let symbols = file.elf_dynamic_symbol_table();
    let mut imports = Vec::new();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    for (index, symbol) in symbols.enumerate() {
        let name = symbol.name(endian, symbols.strings())?;
        if symbol.st_shndx(endian) != SHN_UNDEF || name.is_empty() {
            continue;
        }
        let version = match &versions {
            Some(table) => table.version(table.version_index(endian, index))?,
            None => None,
        };
        let version = version.filter(|version| version.file().is_some());
        imports.push(Import {
            symbol: text(name),
            library: version.and_then(|version| version.file()).map(text),
            version: version.map(|version| text(version.name())),
        });
    }
    Ok(imports)
}
