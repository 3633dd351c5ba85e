//! The unwinder inside the library, beside the host's: what `cargo rt0 build` puts there must do what the
//! shared one does.

use std::path::PathBuf;

use object::read::elf::ElfFile64;
use object::{Endianness, Object, ObjectSymbol};
use rt0_hosts::fixture::{self, fixture};
use rt0_hosts::require::skipped;
use rt0_hosts::steps::{Said, load};
use rt0_hosts::watchdog::Host;
use rt0_hosts::{Ran, cc};

use crate::dynamic;

const SIGABRT: i32 = 6;

fn run(library: &str, what: &str) -> Ran {
    let host = cc::cpp("manners/unwinder.cpp", &[&fixture("probe").include()]);
    // A backtrace would ask the loader for every file.
    let host = Host::new(host).env("RUST_BACKTRACE", "0");
    host.args([library, what]).run()
}

/// The libraries in a file's dynamic section.
fn needed(library: &str) -> Vec<String> {
    let bytes = std::fs::read(library).expect("it was built");
    let file = ElfFile64::<Endianness>::parse(&*bytes).expect("it is an ELF file");
    let (entries, strings) = dynamic::section(&file, &bytes);
    dynamic::needed(&file, entries, strings)
}

#[test]
fn a_load_needs_the_c_library_and_no_other() {
    for name in ["probe", "calm", "silent", "pair"] {
        for library in needed(&fixture(name).library()) {
            let is_the_c_librarys = library.starts_with("libc.") || library.starts_with("ld-");
            assert!(is_the_c_librarys, "{name} needs {library}");
        }
    }
}

/// A panic that is caught in the library asks nobody for its own tables.
#[test]
fn a_panic_waits_for_no_lock_of_the_loaders() {
    assert_eq!(run(&fixture("probe").library(), "locked").ok(), "");
}

/// The frames of the host have tables in other files.
#[test]
fn a_backtrace_goes_on_into_the_host() {
    let steps = "call probe_frames_seen";
    let said = Said::of(&load(&fixture("probe").library(), steps).run());
    assert_eq!(said.one("probe_frames_seen"), "111");
}

/// A thread's first call needs memory for a thread-local where the loader has no room for it in what every
/// thread begins with.
#[test]
fn an_allocator_can_look_who_calls_it() {
    let host = Host::new(cc::c(
        "manners/traced.c",
        &[&fixture("probe").include(), "-rdynamic"],
    ))
    .arg(fixture("probe").library())
    .env("GLIBC_TUNABLES", "glibc.rtld.optional_static_tls=0");
    let said = Said::of(&host.run());
    assert_eq!(said.one("lost"), "0", "{}", said.text());
    let fewest: u32 = said.one("fewest").parse().expect("a number");
    assert!((4..64).contains(&fewest), "{}", said.text());
}

fn unwinds_as_documented(library: &str) {
    assert_eq!(run(library, "through").ok(), "");
    assert_eq!(run(library, "nested").ok(), "");
    for deadly in ["out", "thread_exit"] {
        let ran = run(library, deadly);
        assert_eq!(ran.signal(), Some(SIGABRT), "{ran}");
        assert!(ran.stdout.is_empty(), "{ran}");
    }
}

#[test]
fn cpps_exceptions_and_the_ends_of_threads_do_what_the_docs_say() {
    unwinds_as_documented(&fixture("probe").library());
}

/// The process's `libgcc_s.so.1` is of another release than the unwinder inside.
#[test]
fn so_they_do_beside_a_libgcc_of_another_release() {
    let Some(other) = another_release() else {
        let test = "so_they_do_beside_a_libgcc_of_another_release";
        return skipped(test, "there is only one libgcc_eh.a");
    };
    let library = fixture::with_unwinder(&other, "probe").library();
    let bytes = std::fs::read(&library).expect("it was built");
    let file = ElfFile64::<Endianness>::parse(&*bytes).expect("it is an ELF file");
    let dip = |name: &str| name.starts_with("frame_hdr_cache");
    // GCC has this since 4.4 and not from 12 on, beside a glibc that finds objects itself.
    if other.iter().any(|part| part == "11") {
        let mut symbols = file.symbols();
        assert!(symbols.any(|symbol| symbol.name().is_ok_and(dip)));
    }
    unwinds_as_documented(&library);
    let host = cc::c("wait/leaving.c", &[&fixture("probe").include()]);
    let leaving = |what: &str| {
        let host = Host::new(&host).args([library.as_str(), what]);
        host.env("RT0_WORKERS", "1").run()
    };
    assert_eq!(leaving("in_calls").ok(), "");
    let ran = leaving("unshielded");
    assert_eq!(ran.signal(), Some(SIGABRT), "{ran}");
    let stderr = String::from_utf8_lossy(&ran.stderr);
    assert!(stderr.contains("exception not rethrown"), "{ran}");
}

/// The static unwinder of another GCC that is installed.
fn another_release() -> Option<PathBuf> {
    let ran = cc::driver().arg("-print-file-name=libgcc_eh.a").run();
    let ours = PathBuf::from(ran.ok().trim_end()).canonicalize().ok()?;
    let releases = std::fs::read_dir(ours.parent()?.parent()?).ok()?;
    let archives = releases.map(|release| release.map(|dir| dir.path().join("libgcc_eh.a")));
    let mut others = archives.flatten().filter(|path: &PathBuf| {
        path.is_file() && path.canonicalize().is_ok_and(|path: PathBuf| path != *ours)
    });
    others.next()
}
