//! Where the loader finds other libraries.

use std::path::{Path, PathBuf};

use crate::file::File;

/// The bytes of the library of this name that the loader would find for this file; `None` if it is not on this
/// machine, or for another processor.
pub fn find(file: &File<'_>, name: &str) -> Option<Vec<u8>> {
    let beside = file.plan.library.parent().map(Path::to_owned);
    let origin = beside.clone().unwrap_or_default();
    let run_paths = file.dynamic.run_paths.iter().map(|path| {
        PathBuf::from(
            path.replace("$ORIGIN", &origin.to_string_lossy())
                .replace("${ORIGIN}", &origin.to_string_lossy()),
        )
    });
    let folders = run_paths
        .chain(beside)
        .chain(USUAL.map(PathBuf::from))
        .chain(multiarch());
    folders
        .map(|folder| folder.join(name))
        .filter_map(|path| std::fs::read(path).ok())
        .find(|bytes| is_for_the_same(file, bytes))
}

const USUAL: [&str; 6] = [
    "/lib64",
    "/usr/lib64",
    "/lib",
    "/usr/lib",
    "/usr/local/lib",
    "/usr/local/lib64",
];

/// Debian's folders: `/usr/lib/x86_64-linux-gnu`.
fn multiarch() -> impl Iterator<Item = PathBuf> {
    let is_triple = |path: &PathBuf| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().contains("-linux-"))
    };
    let entries = std::fs::read_dir("/usr/lib")
        .into_iter()
        .flatten()
        .flatten();
    entries.map(|entry| entry.path()).filter(is_triple)
}

fn is_for_the_same(file: &File<'_>, bytes: &[u8]) -> bool {
    File::read(file.plan, bytes).is_ok_and(|other| {
        other.dynamic.machine == file.dynamic.machine && other.dynamic.is_64 == file.dynamic.is_64
    })
}
