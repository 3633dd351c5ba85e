//! What a linked ELF file takes from other files: which symbol, from which library, in which version; and so
//! how old a glibc can load it.

use std::error::Error;

use object::elf::SHN_UNDEF;
use object::read::elf::{ElfFile, FileHeader, Sym};
use serde::Serialize;

use crate::image::Budget;

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

/// The oldest glibc that can load a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Glibc {
    /// Its version, such as `2.34`.
    pub version: String,
    /// The symbols that an older one does not have.
    pub because_of: Vec<String>,
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

/// The oldest glibc with all symbols in their versions. The loader insists on a version even if it could do
/// without the symbol.
pub fn glibc_floor(imports: &[Import]) -> Option<Glibc> {
    let numbers = |import: &Import| -> Option<Vec<u32>> {
        let version = import.version.as_deref()?.strip_prefix("GLIBC_")?;
        version.split('.').map(|part| part.parse().ok()).collect()
    };
    let highest = imports.iter().filter_map(numbers).max()?;
    let because_of = imports
        .iter()
        .filter(|import| numbers(import).as_ref() == Some(&highest));
    let version: Vec<_> = highest.iter().map(u32::to_string).collect();
    Some(Glibc {
        version: version.join("."),
        because_of: because_of.map(|import| import.symbol.clone()).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::{Import, glibc_floor};

    #[test]
    fn the_floor_is_the_highest_version_by_its_numbers() {
        let import = |symbol: &str, version: &str| Import {
            symbol: symbol.to_owned(),
            library: Some("libc.so.6".to_owned()),
            version: Some(version.to_owned()),
        };
        let all = [
            import("a", "GLIBC_2.9"),
            import("b", "GLIBC_2.34"),
            import("c", "GLIBC_2.2.5"),
            import("d", "GCC_99.0"),
            import("e", "GLIBC_PRIVATE"),
            import("f", "GLIBC_2.34"),
        ];
        let floor = glibc_floor(&all).expect("some are glibc's");
        assert_eq!(floor.version, "2.34");
        assert_eq!(floor.because_of, ["b", "f"]);
        assert_eq!(glibc_floor(&all[3..5]), None);
    }
}
