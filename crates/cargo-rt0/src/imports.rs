//! What a linked ELF file takes from other files, which the doctor reads too; and so how old a glibc can load it.

use serde::Serialize;

pub use rt0_doctor::file::Import;
pub use rt0_doctor::file::imports::read;

/// The oldest glibc that can load a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Glibc {
    /// Its version, such as `2.34`.
    pub version: String,
    /// The symbols that an older one does not have.
    pub because_of: Vec<String>,
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
