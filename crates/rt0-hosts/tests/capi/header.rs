//! `rt0.h`, `librt0.a`, and how compilers treat them.

use std::path::{Path, PathBuf};

use object::{Object, ObjectSymbol};
use rt0_core::Status;
use rt0_hosts::capi::{include, library, library_cpp};
use rt0_hosts::fixture::archive_for_c;
use rt0_hosts::steps::{Said, load};
use rt0_hosts::watchdog::Host;
use rt0_hosts::{cc, require, scratch};

#[test]
fn the_header_is_c99_and_cpp11_without_a_warning() {
    const PEDANTIC: [&str; 3] = ["-Wpedantic", "-Wshadow", "-Wstrict-aliasing"];
    let with =
        |more: &[&'static str]| -> Vec<&str> { PEDANTIC.iter().chain(more).copied().collect() };
    let oldest = ["-std=c99", "-Wmissing-prototypes", "-Wold-style-definition"];
    let built = [
        library("capi/rt0_header.c", &with(&oldest)),
        library(
            "capi/rt0_header.c",
            &with(&["-std=c99", "-O2", "-flto", "-Wl,--gc-sections"]),
        ),
        library(
            "capi/rt0_header.c",
            &with(&[
                "-std=c17",
                "-O2",
                "-ffunction-sections",
                "-fdata-sections",
                "-Wl,--gc-sections",
            ]),
        ),
        library_cpp("capi/rt0_header.cpp", &with(&["-std=c++11"])),
        library_cpp("capi/rt0_header.cpp", &with(&["-std=c++20", "-O2"])),
    ];
    for path in built {
        let said = Said::of(&load(&path, "call oldest_ping call oldest_ping").run());
        assert_eq!(said.all("oldest_ping"), ["1", "1"], "{path}");
    }
}

/// Checks that every export of a library begins with the author's own prefix.
#[track_caller]
fn check_exports(path: &str, own: &str) {
    let bytes = std::fs::read(path).expect("it was built");
    let file = object::File::parse(&*bytes).expect("it is an object file");
    let exported: Vec<_> = file
        .dynamic_symbols()
        .filter(|symbol| symbol.is_definition())
        .filter_map(|symbol| symbol.name().ok())
        .collect();
    assert!(!exported.is_empty(), "{path} exports something");
    for name in exported {
        assert!(name.starts_with(own), "{path} exports {name}");
    }
}

#[test]
fn an_authors_library_exports_what_its_author_wrote_alone() {
    check_exports(&library("capi/parrot.c", &[]), "parrot_");
    let whole = format!(
        "-Wl,--whole-archive,{},--no-whole-archive",
        archive_for_c().archive()
    );
    check_exports(&library("capi/parrot.c", &[&whole]), "parrot_");
    check_exports(&library("capi/rt0_header.c", &[]), "oldest_");
}

#[test]
fn a_library_without_a_table_does_not_link() {
    let archive = archive_for_c().archive();
    let source = scratch().join("without.c");
    std::fs::write(
        &source,
        "#include \"rt0.h\"\nint f(void) { return rt0_wait(0); }\n",
    )
    .expect("it can be written");
    let ran = cc::driver()
        .args(["-shared", "-fPIC", "-o", "/dev/null", "-I"])
        .arg(include())
        .args([source, PathBuf::from(archive)])
        .run();
    assert!(!ran.status.success(), "{ran}");
    assert!(
        ran.to_string().contains("rt0_runtime_of_this_library"),
        "{ran}"
    );
}

#[test]
fn two_libraries_in_one_process_do_not_know_of_each_other() {
    let (parrot, other) = (
        library("capi/parrot.c", &[]),
        library("capi/parrot.c", &["-DPREFIX=other_"]),
    );
    check_exports(&other, "other_");
    let steps = format!(
        "call parrot_generation global {other} call other_generation call1 other_shutdown 20000 call other_done \
         call other_generation call other_boots global {parrot} call parrot_done call parrot_generation call parrot_boots \
         call parrot_stops threads"
    );
    let said = Said::of(&load(&parrot, &steps).env("PARROT", "main").run());
    assert_eq!(said.all("parrot_generation"), ["1", "1"]);
    assert_eq!(said.all("other_generation"), ["1", "2"]);
    assert_eq!(
        (said.one("parrot_done"), said.one("other_done")),
        ("1", "0")
    );
    assert_eq!(
        (said.one("parrot_boots"), said.one("other_boots")),
        ("1", "2")
    );
    assert_eq!(said.one("parrot_stops"), "0");
    for name in ["parrot_lib-boot", "other_lib-boot"] {
        let named = said.all("thread").iter().any(|line| line.starts_with(name));
        assert!(named, "no {name}: {}", said.text());
    }
}

/// Two copies of one file, loaded with RTLD_GLOBAL, share all names.
#[test]
fn two_copies_of_one_library_do_not_know_of_each_other() {
    let parrot = library("capi/parrot.c", &[]);
    let copy = scratch().join(format!("parrot-copy-{}.so", std::process::id()));
    std::fs::copy(&parrot, &copy).expect("it can be written");
    let shown = copy.to_str().expect("a path of ours");
    let steps = format!(
        "call parrot_ping global {shown} call parrot_ping call1 parrot_shutdown 20000 call parrot_generation \
         load {parrot} call parrot_generation call parrot_wrong"
    );
    let said = Said::of(&load(&parrot, &steps).run());
    let _ = std::fs::remove_file(&copy);
    assert_eq!(said.all("parrot_generation"), ["2", "1"]);
    assert_eq!(said.one("parrot_wrong"), "0");
}

/// It is really unmapped: the loader runs its constructor again, with fresh memory.
#[test]
fn a_library_that_says_so_is_unloaded() {
    // The host looks for this word among the mapped files.
    let fleeting = library("capi/fleeting_c.c", &[]);
    for steps in ["pcm", "cm", "pspscm", "pcmf", "fpfcmf"] {
        for words in ["", "slow", "main"] {
            let ran = Host::new(rt0_hosts::cc::c("unload/vanish.c", &[]))
                .arg(&fleeting)
                .args(["200", steps])
                .env("FLEETING", words)
                .run();
            let said = Said::from(&ran, 7);
            for what in ["mappings", "descriptors", "threads"] {
                assert_eq!(said.one(what), "0", "{steps} {words}: {}", said.text());
            }
        }
    }
}

/// The default for language runtimes.
#[test]
fn a_library_that_says_nothing_stays() {
    let parrot = library("capi/parrot.c", &[]);
    let ran = Host::new(rt0_hosts::cc::c("capi/rt0_stays.c", &[]))
        .arg(parrot)
        .run();
    assert_eq!(ran.ok(), "mapped = 1\nboots = 1\n");
}

#[test]
fn the_header_has_the_numbers_of_the_codes() {
    let text = std::fs::read_to_string(include().join("rt0.h")).expect("it is there");
    // Codes that only exported functions in Rust can return.
    const NOT_IN_C: [&str; 9] = [
        "BUSY",
        "CANCELLED",
        "NOT_DONE",
        "PANICKED",
        "INVALID_UTF8",
        "HANDLE_BUSY",
        "ENDED_BADLY",
        "RUNTIME_LOST",
        "OK",
    ];
    for status in Status::ALL {
        if NOT_IN_C.contains(&status.name()) {
            continue;
        }
        let line = format!("#define RT0_{} ({})", status.name(), status.code());
        assert!(
            text.lines().any(|found| found.starts_with(&line)),
            "no {line}"
        );
    }
}

/// `make install` puts the files where compilers look.
#[test]
fn make_installs_what_an_author_needs() {
    if std::process::Command::new("make")
        .arg("--version")
        .output()
        .is_err()
    {
        return require::skipped("make_installs_what_an_author_needs", "there is no make");
    }
    let archive = archive_for_c().archive();
    let to = scratch().join("rt0-installed");
    let _ = std::fs::remove_dir_all(&to);
    Host::new("make")
        .args(["-s", "-C"])
        .arg(rt0_hosts::workspace().join("crates/rt0-capi"))
        .arg("install")
        .arg(format!("ARCHIVE={archive}"))
        .arg(format!("PREFIX={}", to.display()))
        .run()
        .succeeds();
    let pc = std::fs::read_to_string(to.join("lib/pkgconfig/rt0.pc")).expect("it is installed");
    for word in ["-lrt0", "Version: "] {
        assert!(pc.contains(word), "{pc}");
    }
    for file in ["include/rt0.h", "lib/librt0.a"] {
        assert!(to.join(file).is_file(), "no {file}");
    }
}

#[test]
fn a_program_with_a_table_boots_by_itself() {
    let archive = archive_for_c().archive();
    let include = format!("-I{}", include().display());
    for how in [
        &["-pie", "-fPIE"][..],
        &["-no-pie", "-fno-pie", "-Wl,--gc-sections"],
    ] {
        let mut args = how.to_vec();
        args.extend([include.as_str(), archive.as_str()]);
        let ran = Host::new(rt0_hosts::cc::c("capi/rt0_program.c", &args))
            .env("PARROT", "main")
            .run();
        let said = Said::from(&ran, 5);
        assert_eq!((said.one("done"), said.one("ping")), ("1", "1"));
        assert_eq!((said.one("shutdown"), said.one("generation")), ("0", "2"));
        assert_eq!(said.one("wrong"), "0");
    }
}

/// Its own boot thread can't continue before that `dlopen` has returned.
#[test]
fn a_constructor_in_the_same_dlopen_is_answered() {
    let parrot = library("capi/parrot.c", &[]);
    let dir = Path::new(&parrot).parent().expect("a file");
    let rpath = format!("-Wl,-rpath,{}", dir.display());
    let args = ["-shared", "-fPIC", "-Wl,--no-as-needed", &parrot, &rpath];
    let global = rt0_hosts::cc::cpp("capi/rt0_global.cpp", &args);
    for words in ["", "later", "main", "slow=50"] {
        let steps = "call global_answer call global_boots";
        let host = load(global.to_str().expect("a path of ours"), steps);
        let said = Said::of(&host.env("PARROT", words).run());
        assert_eq!(said.one("global_answer"), "11", "{words}");
        assert_eq!(said.one("global_boots"), "1", "{words}");
    }
}

/// In a separate namespace, the value that marks a host thread would overwrite one of the host's.
#[test]
fn in_a_namespace_of_its_own_a_boot_with_attach_says_that_it_can_not() {
    let ran = Host::new(rt0_hosts::cc::c("capi/rt0_space.c", &[]))
        .arg(library("capi/parrot.c", &[]))
        .run();
    let said = Said::of(&ran);
    assert_eq!(said.all("enter"), ["-12", "-12"], "NO_THREAD");
    for text in said.all("error") {
        assert!(text.contains("`attach`"), "{text}");
    }
}

/// The header promises that passing an open gate costs one load, one compare and one branch.
#[cfg(target_arch = "x86_64")]
#[test]
fn the_hot_path_is_one_load_one_compare_and_one_branch() {
    let out = scratch().join("rt0_header.s");
    let source = rt0_hosts::source("capi/rt0_header.c");
    let ran = cc::driver()
        .args(["-O2", "-fPIC", "-S", "-o"])
        .arg(&out)
        .arg("-I")
        .args([include(), source])
        .run();
    ran.succeeds();
    let text = std::fs::read_to_string(&out).expect("it was made");
    let code: Vec<_> = text
        .lines()
        .skip_while(|line| *line != "oldest_ping:")
        .skip(1)
        .map(str::trim)
        .filter(|line| !line.starts_with('.') && !line.starts_with("endbr"))
        .take(3)
        .collect();
    // The word's address is in the instruction, not in a table.
    let words: Vec<_> = code
        .iter()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let load = code.iter().any(|line| line.contains("rt0_gate(%rip)"));
    assert!(load && !text.contains("rt0_gate@"), "{code:?}");
    let known = matches!(words[..], ["movl", "cmpl", "jne"] | ["cmpl", "jne", _]);
    assert!(known, "{code:?}");
}
