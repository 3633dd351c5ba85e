//! A library that plain cargo builds, as maturin and others do: with `rt0-build` in its build script it has the
//! protections that only a linker can give it. Each test shows that it would notice their absence: without the
//! build script the same library has none of them.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use cargo_rt0::image::Image;
use cargo_rt0::inspect::{Report, inspect};
use object::read::elf::ElfFile64;
use object::{Endianness, Object, ObjectSymbol};
use rt0_hosts::fixture::{Fixture, build, fixture, guarded, guarded_as_one, guarded_by};
use rt0_hosts::require::skipped;
use rt0_hosts::soak::is_soak;
use rt0_hosts::steps::{Said, load};
use rt0_hosts::watchdog::Host;
use rt0_hosts::{cc, scratch, venv};

/// The linkers that every machine of ours has.
const LINKERS: [&str; 2] = ["bfd", "lld"];

/// Those that have to be installed.
const MORE_LINKERS: [&str; 2] = ["gold", "mold"];

const NOT_READY: &str = "-1";

/// stdin, stdout and stderr, as bits of the exit code of `low.c`.
const STREAMS: i32 = 7;

fn protected() -> impl Iterator<Item = Fixture> {
    LINKERS
        .into_iter()
        .map(|linker| guarded("protected", linker))
}

fn unprotected() -> Fixture {
    guarded("", "lld")
}

fn report(library: &Path) -> Report {
    inspect(&Image::open(library).expect("it was built")).expect("a library of ours")
}

/// What a constructor in another thread's `dlopen` gets, if it waits so long for its first call.
fn beside_a_dlopen(library: &Fixture, wait: &str) -> String {
    let global = cc::library_over(library, cc::cpp, "wait/global.cpp");
    let steps = format!("beginload {global} end call global_answer call1 probe_wait 20000");
    let host = load(&library.library(), &steps)
        .env("GLOBAL_WAIT", wait)
        .env("RT0_START", "lazy")
        .env("RT0_WORKERS", "2");
    let said = Said::of(&host.run());
    assert_eq!(said.one("probe_wait"), "0", "{}", said.text());
    said.one("global_answer").to_owned()
}

#[test]
fn a_first_call_is_answered_while_another_thread_is_inside_dlopen() {
    for library in protected() {
        assert_eq!(beside_a_dlopen(&library, "12000"), "1", "{library:?}");
    }
    assert_eq!(beside_a_dlopen(&unprotected(), "1000"), NOT_READY);
}

/// A read of the environment while the host changes it crashes only sometimes: so this host reports each.
fn reads_of_the_environment(library: &Fixture) -> String {
    // The header is the same.
    let include = fixture("probe").include();
    let host = cc::c("load/environment.c", &[&include, "-rdynamic"]);
    Host::new(host).arg(library.library()).run().ok()
}

#[test]
fn the_environment_is_not_read_while_a_runtime_is_built() {
    for library in protected() {
        assert_eq!(reads_of_the_environment(&library), "", "{library:?}");
    }
    let reads = reads_of_the_environment(&unprotected());
    assert!(reads.contains("getenv was called for TOKIO"), "{reads}");
}

/// Whether a number below ten is taken, as bits of the exit code of `low.c`.
fn low_numbers(library: &Fixture) -> Option<i32> {
    let ran = Host::new(cc::c("manners/low.c", &[]))
        .arg(library.library())
        .env("RT0_WORKERS", "2")
        .run();
    ran.status.code()
}

#[test]
fn the_runtimes_descriptors_leave_the_low_numbers_free() {
    for library in protected() {
        assert_eq!(low_numbers(&library), Some(STREAMS), "{library:?}");
    }
    assert_eq!(low_numbers(&unprotected()), Some(STREAMS | 64));
}

/// The library says so itself.
#[test]
fn the_report_has_what_the_linker_has_done() {
    let said = |library: &Fixture| {
        let host = load(
            &library.library(),
            "call1 probe_wait 20000 take probe_report probe_free",
        );
        let said = Said::of(&host.run());
        let report: serde_json::Value =
            serde_json::from_str(said.one("probe_report")).expect("it is JSON");
        report["protections"].clone()
    };
    for library in protected() {
        let all = said(&library);
        for name in ["threads", "environment", "descriptors", "pinned", "bound"] {
            assert_eq!(all[name], true, "{library:?} {name}");
        }
    }
    let all = said(&unprotected());
    for name in ["threads", "environment", "descriptors", "pinned"] {
        assert_eq!(all[name], false, "{name}");
    }
}

/// So says the file. No linker shows the names of rt0's functions to other files.
#[test]
fn every_linker_does_all_of_it() {
    for linker in LINKERS.into_iter().chain(MORE_LINKERS) {
        if MORE_LINKERS.contains(&linker) && !is_there(linker) {
            let test = "every_linker_does_all_of_it";
            skipped(test, &format!("{linker} is not installed"));
            continue;
        }
        check_all(linker, &guarded("hidden", linker));
    }
    // With a dependency's symbol visible, as rustc leaves it.
    let library = guarded("protected", "lld").library();
    assert_eq!(report(Path::new(&library)).missing(), ["symbols"]);
    let mut report = report(Path::new(&unprotected().library()));
    let all = ["threads", "environment", "descriptors", "pinned", "symbols"];
    assert_eq!(report.missing(), all);
    let before = report.findings.len();
    report.require(&["threads", "bound"].into());
    assert_eq!(report.findings.len(), before + 1, "{:?}", report.findings);
}

fn check_all(linker: &str, library: &Fixture) {
    let library = library.library();
    let report = report(Path::new(&library));
    assert_eq!(report.missing(), [""; 0], "{linker}");
    assert!(
        report.findings.is_empty(),
        "{linker}: {:?}",
        report.findings
    );
    let link = report.link.expect("it is an ELF file");
    assert_eq!(link.soname.as_deref(), Some("libprobe.so"), "{linker}");
    let bytes = std::fs::read(&library).expect("it was built");
    let file = ElfFile64::<Endianness>::parse(&*bytes).expect("it is an ELF file");
    for symbol in file.dynamic_symbols().filter(ObjectSymbol::is_definition) {
        let name = symbol.name().expect("a name");
        assert!(name.starts_with("probe_"), "{linker} shows {name}");
    }
}

fn is_there(linker: &str) -> bool {
    let source = "stuck.c";
    cc::has(source, &[&format!("-fuse-ld={linker}")])
}

/// Which takes minutes to install, so only the soak has it.
#[test]
fn wild_does_all_of_it() {
    let test = "wild_does_all_of_it";
    if !is_soak() {
        return;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places = std::env::split_paths(&path).map(|dir| dir.join("wild"));
    let Some(wild) = places.find(|place| place.is_file()) else {
        return skipped(test, "wild is not installed: ci/soak.sh installs it");
    };
    // GCC does not know it yet, so it is GNU's linker for it.
    let dir = folder("wild");
    symlink(wild, dir.join("ld.bfd")).expect("it is empty");
    let place = format!("-Clink-arg=-B{}", dir.display());
    let flags = [&place, "-Clink-arg=-fuse-ld=bfd"];
    let library = guarded_by("wild", &flags, "hidden");
    let bytes = std::fs::read(library.library()).expect("it was built");
    let mark = b"Linker: Wild ";
    assert!(bytes.windows(mark.len()).any(|it| it == mark));
    check_all("wild", &library);
    behaves(&library);
}

/// So cargo-zigbuild links. It can't hide the symbols of dependencies.
#[test]
fn zig_does_all_that_it_can() {
    use std::os::unix::fs::PermissionsExt;
    let test = "zig_does_all_that_it_can";
    if !is_soak() {
        return;
    }
    let Some(python) = venv("ziglang") else {
        return skipped(test, "zig is not installed: ci/soak.sh installs it");
    };
    let dir = folder("zig");
    let linker = dir.join("cc");
    let cache = dir.join("cache");
    let (python, cache) = (python.display(), cache.display());
    let command = format!(
        "#!/bin/sh\nexport ZIG_GLOBAL_CACHE_DIR={cache} ZIG_LOCAL_CACHE_DIR={cache}\n\
         exec {python} -m ziglang cc -target x86_64-linux-gnu \"$@\"\n"
    );
    std::fs::write(&linker, command)
        .and_then(|()| std::fs::set_permissions(&linker, PermissionsExt::from_mode(0o755)))
        .expect("it is empty");
    let linker = format!("-Clinker={}", linker.display());
    let library = guarded_by("zig", &[&linker], "protected");
    assert_eq!(report(Path::new(&library.library())).missing(), ["symbols"]);
    behaves(&library);
}

/// An empty folder.
fn folder(linker: &str) -> PathBuf {
    let dir = scratch().join(format!("linker-{linker}"));
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).expect("the target directory can be written");
    dir
}

#[track_caller]
fn behaves(library: &Fixture) {
    assert_eq!(beside_a_dlopen(library, "12000"), "1");
    assert_eq!(reads_of_the_environment(library), "");
    assert_eq!(low_numbers(library), Some(STREAMS));
}

#[test]
fn so_it_is_when_everything_is_compiled_as_one() {
    let library = guarded_as_one("protected");
    assert_eq!(report(Path::new(&library.library())).missing(), ["symbols"]);
    assert_eq!(beside_a_dlopen(&library, "12000"), "1");
    assert_eq!(low_numbers(&library), Some(STREAMS));
}

/// Nothing is done twice, and the author's choices stay.
#[test]
fn cargo_rt0_build_gets_on_with_such_a_build_script() {
    let dir = scratch().join("guarded-by-the-tool");
    build("guarded", &dir, &["--features", "hidden"]).succeeds();
    let report = report(&dir.join("libguarded.so"));
    assert_eq!(report.missing(), [""; 0]);
    let link = report.link.expect("it is an ELF file");
    assert_eq!(link.soname.as_deref(), Some("libprobe.so"));
}
