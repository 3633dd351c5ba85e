//! The engine's settings.

use std::ffi::OsStr;
use std::path::PathBuf;

/// Where the index is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Store {
    /// In this process. A forked child builds its own.
    #[default]
    Memory,
    /// In a directory of its own, so that later processes can use it.
    Disk(PathBuf),
}

/// The directory to index, and where the index is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The directory whose files are indexed.
    pub directory: PathBuf,
    /// Where the index is kept.
    pub store: Store,
}

impl Settings {
    /// Reads the values of `SEARCH_DIR` and `SEARCH_INDEX`. If one is absent or empty, its default applies:
    /// the current directory, and memory.
    pub fn from_vars(directory: Option<&OsStr>, index: Option<&OsStr>) -> Settings {
        let given = |value: Option<&OsStr>| value.filter(|v| !v.is_empty()).map(PathBuf::from);
        Settings {
            directory: given(directory).unwrap_or_else(|| PathBuf::from(".")),
            store: match given(index) {
                Some(path) if path.as_os_str() != "memory" => Store::Disk(path),
                _ => Store::Memory,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(directory: Option<&str>, index: Option<&str>) -> Settings {
        Settings::from_vars(directory.map(OsStr::new), index.map(OsStr::new))
    }

    #[test]
    fn nothing_or_an_empty_value_means_here_and_in_memory() {
        let plain = Settings {
            directory: ".".into(),
            store: Store::Memory,
        };
        assert_eq!(of(None, None), plain);
        assert_eq!(of(Some(""), Some("")), plain);
        assert_eq!(of(None, Some("memory")), plain);
    }

    #[test]
    fn a_directory_and_a_place_for_the_index() {
        let settings = of(Some("/src"), Some("/var/index"));
        assert_eq!(settings.directory, PathBuf::from("/src"));
        assert_eq!(settings.store, Store::Disk("/var/index".into()));
    }
}
