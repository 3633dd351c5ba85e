//! `cargo rt0 build` leaves out the exception tables of functions that the linker leaves out, and no others.
//!
//! On Linux only: it reads sections of ELF files.
#![cfg(target_os = "linux")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{build_shared, can_run, good, plain, run, said, script};
use object::{Object, ObjectSection};

/// `broken` panics, and drops what it has.
const LIB: &str = r#"
use std::sync::atomic::{AtomicI32, Ordering};
static DROPPED: AtomicI32 = AtomicI32::new(0);
struct Guard(i32);
impl Drop for Guard {
    fn drop(&mut self) { DROPPED.fetch_add(self.0, Ordering::SeqCst); }
}
pub struct Nothing;
#[rt0::init]
fn init() -> Nothing { Nothing }
#[rt0::export(or = -1)]
fn broken(with: i32) -> i32 {
    let guard = Guard(with);
    assert_eq!(guard.0, 0);
    guard.0
}
#[rt0::export(or = -1)]
fn dropped() -> i32 { DROPPED.load(Ordering::SeqCst) }
"#;

/// The driver of the compiler notes each link with copies here, and refuses it if it is told so.
struct Driver {
    path: PathBuf,
    links: PathBuf,
}

impl Driver {
    fn new(dir: &Path, name: &str, then: &str) -> Driver {
        let driver = Driver {
            path: dir.join(name),
            links: dir.join(format!("{name}-links")),
        };
        let text = format!(
            "#!/bin/sh\ncase \"$*\" in *rt0-tied*) echo once >>'{}'; {then};; esac\nexec cc \"$@\"\n",
            driver.links.display()
        );
        script(&driver.path, &text);
        driver
    }

    fn has_linked_copies(&self) -> bool {
        self.links.is_file()
    }
}

/// A library's name says with what it was linked: Python keeps one of the same file.
fn library(dir: &Path, driver: &Driver, linker: &str, name: &str) -> PathBuf {
    let project = match dir.join("tables").is_dir() {
        true => dir.join("tables"),
        false => plain(dir, "tables", "tables", LIB),
    };
    let args = [
        format!("-Clinker={}", driver.path.display()),
        format!("-Clink-arg=-fuse-ld={linker}"),
    ];
    let args = ["--quiet", "--offline", "--", &args[0], &args[1]];
    let output = build_shared(&project, &args);
    good(&output);
    let said = said(&output, dir);
    assert!(!said.contains("copies"), "{said}");
    let copy = dir.join(format!("lib{name}.so"));
    fs::copy(project.join("out/libtables.so"), &copy).unwrap();
    copy
}

/// The size of the exception tables.
fn tables(library: &Path) -> u64 {
    let bytes = fs::read(library).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    file.section_by_name(".gcc_except_table").unwrap().size()
}

/// What the calls return: the panic's value, and what it has dropped.
fn calls(library: &Path) -> String {
    let host = format!(
        "import ctypes; it = ctypes.CDLL('{}'); print(it.tables_broken(0), it.tables_broken(7), it.tables_dropped())",
        library.display()
    );
    run("python3", &["-c", &host]).trim().to_owned()
}

#[test]
fn tables_live_and_die_with_their_functions() {
    if !cfg!(target_env = "gnu") || !can_run("ld.lld") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let (takes, refuses) = (
        Driver::new(dir, "takes", ":"),
        Driver::new(dir, "refuses", "echo no copies >&2; exit 1"),
    );
    let tied = library(dir, &takes, "lld", "tied");
    assert!(takes.has_linked_copies());
    // A link that fails with the copies is done again without, and nobody reads of it.
    let untied = library(dir, &refuses, "lld", "untied");
    assert!(refuses.has_linked_copies());
    let (tied_tables, untied_tables) = (tables(&tied), tables(&untied));
    assert!(
        tied_tables > 0 && tied_tables + 4096 < untied_tables,
        "{tied_tables}, {untied_tables}"
    );
    for library in [tied, untied] {
        assert_eq!(calls(&library), "0 -1 7", "{}", library.display());
    }
}

/// GNU ld needs no copies, and those before 2.36 would refuse them.
#[test]
fn other_linkers_get_no_copies() {
    if !cfg!(target_env = "gnu") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    for linker in ["bfd", "gold", "mold"] {
        if !can_run(&format!("ld.{linker}")) {
            continue;
        }
        let driver = Driver::new(dir, linker, ":");
        let library = library(dir, &driver, linker, linker);
        assert!(!driver.has_linked_copies(), "{linker}");
        assert_eq!(calls(&library), "0 -1 7", "{linker}");
    }
}
