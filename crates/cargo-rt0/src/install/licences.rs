//! The files in which a package says under which licence it is.

use std::fs;
use std::path::{Path, PathBuf};

use crate::build::project::Project;

/// What such files' names begin with, in capitals.
const BEGINNINGS: [&str; 6] = [
    "LICENSE",
    "LICENCE",
    "COPYING",
    "COPYRIGHT",
    "UNLICENSE",
    "NOTICE",
];

/// The files, in the order of their names: those in the package's folder, with the one that it names; those of the
/// workspace if the package has none.
pub fn of(project: &Project) -> Vec<PathBuf> {
    let folder = project.manifest.parent().unwrap_or(Path::new("."));
    let mut found = among(folder);
    if let Some(named) = &project.licence
        && named.is_file()
        && !found
            .iter()
            .any(|path| path.file_name() == named.file_name())
    {
        found.push(named.clone());
    }
    if found.is_empty() {
        found = among(&project.workspace);
    }
    found.sort();
    found
}

fn among(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    paths
        .filter(|path| path.is_file() && is_one(path))
        .collect()
}

/// `LICENSE`, `LICENSE-MIT`, `COPYING.LESSER`, and no `license.rs`.
fn is_one(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return false;
    };
    let name = name.to_ascii_uppercase();
    let begins = |start: &&str| {
        let rest = name.strip_prefix(start);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.', '_']))
    };
    BEGINNINGS.iter().any(begins) && !name.ends_with(".RS")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_is_known_by_its_name() {
        for name in [
            "LICENSE",
            "LICENSE-MIT",
            "license.txt",
            "COPYING.LESSER",
            "NOTICE",
            "Unlicense",
        ] {
            assert!(is_one(Path::new(name)), "{name}");
        }
        for name in ["license.rs", "licenses", "README", "noticed.txt"] {
            assert!(!is_one(Path::new(name)), "{name}");
        }
    }
}
