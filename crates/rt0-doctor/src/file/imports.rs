//! What a linked ELF file takes from other files: which symbol, from which library, in which version.

use std::error::Error;

use object::elf::SHN_UNDEF;
use object::read::elf::{ElfFile, FileHeader, Sym};

use super::Budget;

/// A symbol that another file must define.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Its name.
    pub symbol: String,
    /// The library that must have it, if its version says so.
    pub library: Option<String>,
    /// Its version, such as `GLIBC_2.34`.
    pub version: Option<String>,
}

/// The symbols that a file takes from others.
///
/// # Errors
/// The file is damaged, or its names are longer than the budget.
pub fn read<Elf: FileHeader>(
    elf: &ElfFile<'_, Elf>,
    budget: &mut Budget,
) -> Result<Vec<Import>, Box<dyn Error + Send + Sync>> {
    let (endian, data) = (elf.endian(), elf.data());
    let versions = elf.elf_section_table().versions(endian, data)?;
    let symbols = elf.elf_dynamic_symbol_table();
    let mut imports = Vec::new();
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
            symbol: budget.text(name)?,
            library: match version.and_then(|version| version.file()) {
                Some(file) => Some(budget.text(file)?),
                None => None,
            },
            version: match version {
                Some(version) => Some(budget.text(version.name())?),
                None => None,
            },
        });
    }
    Ok(imports)
}
