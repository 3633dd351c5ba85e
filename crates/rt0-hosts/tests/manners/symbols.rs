//! What a built file exports, how it must be loaded, and builds that must fail.

use std::collections::BTreeSet;
use std::path::Path;

use object::read::elf::{Dyn, ElfFile64};
use object::{Endianness, Object, ObjectSymbol, elf};
use rt0_hosts::fixture::{self, Fixture, fixture};
use rt0_hosts::steps::{Said, load};
use rt0_hosts::watchdog::Host;
use rt0_hosts::{cc, scratch};

use crate::dynamic;

const LIFECYCLE: [&str; 8] = [
    "abi_version",
    "start",
    "wait",
    "state",
    "last_error",
    "shutdown",
    "report",
    "free",
];

/// The exports in a fixture's source, and the functions for its handles.
fn declared(name: &str) -> BTreeSet<String> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name)
        .join("src");
    let mut names: BTreeSet<String> = LIFECYCLE.iter().map(|call| (*call).to_owned()).collect();
    for file in std::fs::read_dir(dir).expect("it is there") {
        let text = std::fs::read_to_string(file.expect("it is there").path()).expect("it is text");
        let after = |attribute: &str, word: &str| -> Vec<String> {
            let parts = text.split(attribute).skip(1);
            parts
                .filter_map(|part| {
                    let rest = part.split_once(word)?.1;
                    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
                    Some(rest[..end].to_owned())
                })
                .collect()
        };
        names.extend(after("\n#[rt0::export", "pub fn "));
        // Hand-written ones have the prefix in their source.
        let mut by_hand = after("\n#[rt0::gated", "pub extern \"C\" fn ");
        by_hand.extend(after("\n#[rt0::gated", "pub extern \"C-unwind\" fn "));
        let short =
            |symbol: &String| Some(symbol.strip_prefix(name)?.strip_prefix('_')?.to_owned());
        names.extend(by_hand.iter().filter_map(short));
        let handles = after("\n#[rt0::handle", "pub struct ");
        names.extend(handles.into_iter().map(|handle| format!("{handle}_free")));
    }
    names
        .into_iter()
        .map(|short| format!("{name}_{short}"))
        .collect()
}

fn visible(library: &Fixture) -> BTreeSet<String> {
    let bytes = std::fs::read(library.library()).expect("it was built");
    let file = ElfFile64::<Endianness>::parse(&*bytes).expect("it is an ELF file");
    let symbols = file
        .dynamic_symbols()
        .filter(|symbol| symbol.is_definition());
    symbols
        .filter_map(|symbol| Some(symbol.name().ok()?.to_owned()))
        .collect()
}

#[test]
fn visible_symbols() {
    for name in ["probe", "calm", "silent", "pair"] {
        assert_eq!(visible(&fixture(name)), declared(name), "{name}");
    }
}

/// A dependency's own C symbol is in the file, but is not visible outside.
#[test]
fn a_dependencys_symbols_are_hidden() {
    let bytes = std::fs::read(fixture("probe").library()).expect("it was built");
    let file = ElfFile64::<Endianness>::parse(&*bytes).expect("it is an ELF file");
    let leaked = |name: &str| name == "leaked_by_a_dependency";
    let mut all = file.symbols();
    assert!(
        all.any(|symbol| symbol.name().is_ok_and(leaked)),
        "it is linked in"
    );
    let mut shown = file.dynamic_symbols();
    assert!(!shown.any(|symbol| symbol.name().is_ok_and(leaked)));
}

#[test]
fn dynamic_section() {
    for name in ["probe", "calm", "silent", "pair"] {
        let bytes = std::fs::read(fixture(name).library()).expect("it was built");
        let file = ElfFile64::<Endianness>::parse(&*bytes).expect("it is an ELF file");
        let endian = file.endian();
        let (entries, strings) = dynamic::section(&file, &bytes);
        let value = |tag: u32| {
            let found = entries
                .iter()
                .find(|entry| entry.tag32(endian) == Some(tag));
            found.map(|entry| entry.d_val(endian))
        };
        let flags = value(elf::DT_FLAGS).unwrap_or(0);
        let flags_1 = value(elf::DT_FLAGS_1).unwrap_or(0);
        assert_ne!(
            flags_1 & u64::from(elf::DF_1_NODELETE),
            0,
            "{name} is pinned"
        );
        assert_ne!(
            flags_1 & u64::from(elf::DF_1_NOW),
            0,
            "{name} is bound at load"
        );
        assert_eq!(
            flags & u64::from(elf::DF_STATIC_TLS),
            0,
            "{name} has dynamic TLS only"
        );
        let soname = value(elf::DT_SONAME).and_then(|at| strings.get(at as u32).ok());
        assert_eq!(soname, Some(format!("lib{name}.so").as_bytes()));
    }
}

/// Exports with names of functions of the C library do not affect those functions.
#[test]
fn exports_named_like_c_functions() {
    let host = cc::c("manners/names.c", &[]);
    let calm = fixture("calm");
    for start in ["lazy", "load"] {
        let ran = Host::new(&host)
            .arg(calm.library())
            .env("RT0_START", start)
            .run();
        assert_eq!(ran.ok(), "");
    }
    let said = Said::of(&load(&calm.library(), "call1 calm_read 7").run());
    assert_eq!(said.one("calm_read"), "7");
}

#[test]
fn two_crates_with_an_init_do_not_link() {
    let ran = fixture::build(
        "pair",
        &scratch().join("pair-second"),
        &["--features", "second"],
    );
    let stderr = String::from_utf8_lossy(&ran.stderr);
    let said = |line: &str| line.contains("two libraries with an #[rt0::init]: `pair` and `calm`");
    assert!(!ran.status.success() && stderr.lines().any(said), "{ran}");
}

/// With plain cargo only the linker can report it: it names the symbol and both places.
#[test]
fn two_crates_with_an_init_do_not_link_with_plain_cargo() {
    let ran = fixture::cargo_rustc("pair", "second");
    let stderr = String::from_utf8_lossy(&ran.stderr);
    assert!(
        !ran.status.success() && stderr.contains("rt0_init_of_this_library"),
        "{ran}"
    );
    let names = |file: &str| {
        stderr
            .lines()
            .any(|line| line.contains(">>> ") && line.contains(file))
    };
    if stderr.contains(">>> ") {
        assert!(names("pair.") && names("libcalm."), "{ran}");
    }
}

#[test]
fn a_missing_init_is_said() {
    let ran = fixture::build(
        "pair",
        &scratch().join("pair-none"),
        &["--features", "none"],
    );
    let stderr = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(1), "{ran}");
    assert!(stderr.contains("`pair` has no #[rt0::init]"), "{ran}");
}
