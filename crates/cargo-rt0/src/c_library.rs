//! Names that the C library defines too. A library with a visible symbol of such a name replaces the C
//! library's function, for its host and for its own runtime.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use object::read::archive::ArchiveFile;
use object::{FileKind, Object, ObjectSymbol};

use crate::this_system::text;

/// The C library's file names: glibc's, musl's, the BSDs', and the archive for when there is no shared one.
const NAMES: [&str; 4] = ["libc.so.6", "libc.so", "libc.so.7", "libc.a"];

/// Parts of it that have files of their own, beside it.
const PARTS: [&str; 6] = [
    "libm.so.6",
    "libpthread.so.0",
    "libdl.so.2",
    "librt.so.1",
    "libthr.so.3",
    "libm.so.5",
];

/// Names that need no C library at hand: they end like the lifecycle calls.
const KNOWN: [&str; 8] = [
    "cnd_wait",
    "epoll_wait",
    "obstack_free",
    "pkey_free",
    "pthread_barrier_wait",
    "pthread_cond_wait",
    "sem_wait",
    "xdr_free",
];

/// Those of the symbols that this compiler's C library defines too, or that are known from other systems.
pub fn names_among(symbols: &BTreeSet<String>, cc: &Path) -> Vec<String> {
    let mut taken: BTreeSet<String> = KNOWN.map(String::from).into();
    taken.extend(names(cc));
    symbols.intersection(&taken).cloned().collect()
}

/// All names in the C library that this compiler links; empty if the compiler can't be asked.
fn names(cc: &Path) -> BTreeSet<String> {
    for name in NAMES {
        let Some(path) = find(&mut Command::new(cc), name) else {
            continue;
        };
        let mut found: BTreeSet<String> = read(&path).into_iter().collect();
        // A `libc.so` can also be a text for the linker.
        if !found.is_empty() {
            found.extend(
                PARTS
                    .iter()
                    .flat_map(|part| read(&path.with_file_name(part))),
            );
            return found;
        }
    }
    BTreeSet::new()
}

fn read(path: &Path) -> Vec<String> {
    let bytes = fs::read(path).unwrap_or_default();
    let shown = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    if let Ok(FileKind::Archive) = FileKind::parse(&*bytes) {
        let archive = ArchiveFile::parse(&*bytes).ok();
        let symbols = archive.and_then(|archive| archive.symbols().ok().flatten());
        let symbols = symbols.into_iter().flatten().flatten();
        return symbols.map(|symbol| shown(symbol.name())).collect();
    }
    let Ok(object) = object::File::parse(&*bytes) else {
        return Vec::new();
    };
    let symbols = object.dynamic_symbols();
    let defined = symbols.filter(|symbol| !symbol.is_undefined() && symbol.is_global());
    defined
        .map(|symbol| shown(symbol.name_bytes().unwrap_or_default()))
        .collect()
}

/// Where this compiler has a file of its own. One that does not know the file prints the name unchanged.
pub(crate) fn find(cc: &mut Command, file: &str) -> Option<PathBuf> {
    let output = cc.arg(format!("-print-file-name={file}")).output().ok()?;
    let path = PathBuf::from(text(output.stdout.trim_ascii()));
    (output.status.success() && path.is_absolute()).then_some(path)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::names_among;

    #[test]
    fn functions_of_the_c_library_are_found() {
        let symbols = [
            "epoll_wait",
            "epoll_state",
            "sem_wait",
            "mq_open",
            "cos_sin",
        ];
        let symbols = symbols.map(String::from).into();
        let without = names_among(&symbols, Path::new("/nowhere/cc"));
        assert_eq!(without, ["epoll_wait", "sem_wait"]);
        if cfg!(target_os = "linux") {
            let with = names_among(&symbols, Path::new("cc"));
            assert_eq!(with, ["epoll_wait", "mq_open", "sem_wait"]);
        }
    }
}
