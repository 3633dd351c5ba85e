//! A library that plain cargo builds, as maturin and others do: with `rt0-build` in its build script it has the
//! protections that only a linker can give it. Each test shows that it would notice their absence: without the
//! build script the same library has none of them.

use rt0_hosts::cc;
use rt0_hosts::fixture::{Fixture, fixture, guarded};
use rt0_hosts::steps::{Said, load};
use rt0_hosts::watchdog::Host;

/// The linkers that every machine of ours has.
const LINKERS: [&str; 2] = ["bfd", "lld"];

const NOT_READY: &str = "-1";

fn protected() -> impl Iterator<Item = Fixture> {
    LINKERS
        .into_iter()
        .map(|linker| guarded("protected", linker))
}

fn unprotected() -> Fixture {
    guarded("", "lld")
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
    const STREAMS: i32 = 7;
    for library in protected() {
        assert_eq!(low_numbers(&library), Some(STREAMS), "{library:?}");
    }
    assert_eq!(low_numbers(&unprotected()), Some(STREAMS | 64));
}
