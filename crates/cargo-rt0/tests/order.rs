//! `cargo rt0 build` puts what a start needs next to each other in the file.

mod common;

use std::fs;
use std::path::Path;

use common::{build_shared, good, plain, run};
use object::{Object, ObjectSection, ObjectSymbol};

const LIB: &str = r#"
pub struct Nothing;
#[rt0::init]
fn init() -> Nothing { Nothing }
#[rt0::export(or = 0)]
fn answer() -> i32 { 42 }
"#;

/// Where the functions of a start are, and where the export is; `None`: they are not apart from the others.
fn group(library: &Path) -> Option<(std::ops::Range<u64>, u64)> {
    let bytes = fs::read(library).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    let mut symbols = file.dynamic_symbols();
    let export = symbols.find(|symbol| symbol.name() == Ok("ordered_answer"));
    let section = file.section_by_name(".text.rt0")?;
    let start = section.address();
    Some((start..start + section.size(), export.unwrap().address()))
}

#[test]
fn the_functions_of_a_start_lie_together_where_the_linker_can_do_it() {
    if cfg!(not(target_env = "gnu")) {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let project = plain(dir.path(), "ordered", "ordered", LIB);
    let library = project.join("out/libordered.so");
    for (linker, can) in [
        ("lld", true),
        ("bfd", true),
        ("gold", false),
        ("mold", false),
    ] {
        if std::process::Command::new(format!("ld.{linker}"))
            .arg("--version")
            .output()
            .is_err()
        {
            continue;
        }
        let arg = format!("-Clink-arg=-fuse-ld={linker}");
        good(&build_shared(
            &project,
            &["--quiet", "--offline", "--", &arg],
        ));
        let group = group(&library);
        assert_eq!(group.is_some(), can, "{linker}");
        let Some((group, export)) = group else {
            continue;
        };
        assert!(group.contains(&export), "{linker}: {group:x?}, {export:x}");
        // Compiled without optimisation, std's part is as large as ever.
        let size = group.end - group.start;
        assert!(size > 16 * 1024, "{linker}: {size} bytes");
        let run = |line: &str| run("sh", &["-c", line]);
        let host = "import ctypes; print(ctypes.CDLL('LIBRARY').ordered_answer())";
        let host = host.replace("LIBRARY", library.to_str().unwrap());
        assert_eq!(
            run(&format!("python3 -c \"{host}\"")).trim(),
            "42",
            "{linker}"
        );
    }
}

/// An order of the author's counts, and one that the linker does not take is left out.
#[test]
fn a_link_goes_on_without_it() {
    if cfg!(not(target_env = "gnu")) {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let project = plain(dir.path(), "ordered", "ordered", LIB);
    let own = dir.path().join("own.ld");
    fs::write(&own, "SECTIONS { .own : { *(.own) } } INSERT BEFORE .text;").unwrap();
    let arg = format!("-Clink-arg=-Wl,-T,{}", own.display());
    good(&build_shared(
        &project,
        &["--quiet", "--offline", "--", &arg],
    ));
    assert!(group(&project.join("out/libordered.so")).is_none());
}
