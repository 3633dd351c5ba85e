//! What a library does not use is not in its file.
//!
//! On Linux only: Mach-O and COFF have no symbols in the file, or others.
#![cfg(target_os = "linux")]

mod common;

use std::fs;
use std::path::Path;

use common::{LEAST, build_shared, good, plain, shared_target};
use object::{Object, ObjectSymbol};

/// Parts of names of functions, as the compiler writes them, and what they are for.
const UNUSED: [(&str, &str); 4] = [
    ARGUMENTS,
    ("8rt0_core8shutdown9shut_down", "the core's own end"),
    ("8rt0_core4exit6unload6unload", "unmapping"),
    ("4call7waiters9on_thread", "waiting without a thread"),
];

const ARGUMENTS: (&str, &str) = ("9arguments10copy_given", "the copy of the arguments");

/// Whether the library contains a function with this in its name.
fn has(library: &Path, part: &str) -> bool {
    let bytes = fs::read(library).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    let mut functions = file.symbols().filter(|symbol| symbol.is_definition());
    functions.any(|symbol| symbol.name().is_ok_and(|name| name.contains(part)))
}

/// Whether it was compiled, into any of the crates.
fn is_compiled(part: &str) -> bool {
    let crates = fs::read_dir(shared_target().join("debug/deps")).unwrap();
    let mut crates = crates.map(|entry| entry.unwrap().path());
    crates.any(|path| {
        path.extension().is_some_and(|ending| ending == "rlib")
            && memchr::memmem::find(&fs::read(path).unwrap(), part.as_bytes()).is_some()
    })
}

#[test]
fn a_library_contains_only_what_it_uses() {
    let dir = tempfile::tempdir().unwrap();
    let project = plain(dir.path(), "unused", "unused", LEAST);
    let library = project.join("out/libunused.so");
    let build = || good(&build_shared(&project, &["--quiet", "--offline"]));
    build();
    for (part, what) in UNUSED {
        assert!(is_compiled(part), "{what}: the name has changed");
        assert!(!has(&library, part), "{what}");
    }
    let source = project.join("src/lib.rs");
    fs::write(source, LEAST.replace("fn init()", "fn init(_: rt0::Args)")).unwrap();
    build();
    assert!(has(&library, ARGUMENTS.0), "init takes them");
}
