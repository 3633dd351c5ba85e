//! `cargo rt0 build` puts what a start needs next to each other in the file.
//!
//! On Linux only: it reads sections of ELF files.
#![cfg(target_os = "linux")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use common::{LEAST, bad, build_shared, can_run, good, plain, run, said, script};
use object::{Object, ObjectSection, ObjectSymbol};

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

/// A project of this library, and its build with these arguments of the compiler.
struct Ordered(PathBuf);

impl Ordered {
    /// `None`: only GNU's linkers and those like them are asked for an order.
    fn new(dir: &Path) -> Option<Ordered> {
        cfg!(target_env = "gnu").then(|| Ordered(plain(dir, "ordered", "ordered", LEAST)))
    }

    fn build(&self, args: &[&str]) -> Output {
        let args = [&["--quiet", "--offline", "--"], args].concat();
        build_shared(&self.0, &args)
    }

    fn library(&self) -> PathBuf {
        self.0.join("out/libordered.so")
    }
}

#[test]
fn the_functions_of_a_start_lie_together_where_the_linker_can_do_it() {
    let dir = tempfile::tempdir().unwrap();
    let Some(ordered) = Ordered::new(dir.path()) else {
        return;
    };
    let library = ordered.library();
    for (linker, can) in [
        ("lld", true),
        ("bfd", true),
        ("gold", false),
        ("mold", false),
    ] {
        if !can_run(&format!("ld.{linker}")) {
            continue;
        }
        good(&ordered.build(&[&format!("-Clink-arg=-fuse-ld={linker}")]));
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

/// An order of the author's counts.
#[test]
fn the_authors_own_order_stays() {
    let dir = tempfile::tempdir().unwrap();
    let Some(ordered) = Ordered::new(dir.path()) else {
        return;
    };
    let own = dir.path().join("own.ld");
    fs::write(&own, "SECTIONS { .own : { *(.own) } } INSERT BEFORE .text;").unwrap();
    let arg = format!("-Clink-arg=-Wl,-T,{}", own.display());
    good(&ordered.build(&[&arg]));
    assert!(group(&ordered.library()).is_none());
}

/// A link that fails with it is done again without, and nobody reads of it.
#[test]
fn a_link_goes_on_without_it() {
    let dir = tempfile::tempdir().unwrap();
    let Some(ordered) = Ordered::new(dir.path()) else {
        return;
    };
    let (linker, refused) = (dir.path().join("cc"), dir.path().join("refused"));
    let text = format!(
        "#!/bin/sh\ncase \"$*\" in *rt0-order.ld*) echo once >>'{}'; echo no order >&2; exit 1;; esac\n\
         exec cc \"$@\"\n",
        refused.display()
    );
    script(&linker, &text);
    let arg = format!("-Clinker={}", linker.display());
    let output = ordered.build(&[&arg]);
    good(&output);
    assert_eq!(said(&output, dir.path()), "exit code 0\n");
    assert_eq!(fs::read_to_string(&refused).unwrap(), "once\n");
    assert!(group(&ordered.library()).is_none());
    // What else is wrong is said as always, once, below the compiler's own list of arguments.
    let errors = bad(&ordered.build(&[&arg, "-Clink-arg=-lnone-such"]), 1);
    assert_eq!(errors.matches("-lnone-such").count(), 2, "{errors}");
    assert!(
        !errors.contains("rt0-order") && !errors.contains("no order"),
        "{errors}"
    );
}
