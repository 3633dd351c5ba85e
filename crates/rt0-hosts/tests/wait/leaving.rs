//! Calls that end without returning: cancelled threads; and hosts with a virtual machine, which ends before
//! the process does.

use rt0_hosts::Ran;
use rt0_hosts::fixture::fixture;
use rt0_hosts::require::skipped;
use rt0_hosts::steps::{Said, load};
use rt0_hosts::watchdog::Host;
use rt0_hosts::{cc, python, source};

fn host(library: &str, what: &str) -> Host {
    Host::new(cc::c("wait/leaving.c", &[&fixture("probe").include()]))
        .args([library, what])
        .env("RT0_WORKERS", "1")
}

fn run(what: &str) -> Ran {
    host(&fixture("probe").library(), what).run()
}

/// The thread gets its answer first, and ends at its next cancellation point, as in all these tests.
#[test]
fn a_thread_is_cancelled_at_the_gate() {
    let host = host(&fixture("probe").library(), "at_the_gate");
    assert_eq!(host.env("PROBE_BOOT", "sleep:300").run().ok(), "");
}

#[test]
fn a_thread_is_cancelled_in_calls_that_wait() {
    assert_eq!(run("in_calls").ok(), "");
}

/// In a call that is not shielded as a whole.
#[test]
fn rt0s_own_waits_are_no_cancellation_points() {
    assert_eq!(run("in_rt0").ok(), "");
}

#[test]
fn a_thread_is_cancelled_in_a_callback() {
    assert_eq!(run("in_a_callback").ok(), "");
}

#[test]
fn a_thread_is_cancelled_in_a_handles_destructor() {
    assert_eq!(run("in_a_free").ok(), "");
}

#[test]
fn a_thread_is_cancelled_that_boots_and_drives_the_runtime() {
    assert_eq!(host(&fixture("hush").library(), "driving").run().ok(), "");
}

/// The exit code is kept.
#[test]
fn a_thread_is_cancelled_that_exits() {
    let ran = host(&fixture("hush").library(), "at_exit").run();
    assert_eq!(ran.exits(6), "");
}

/// As docs/hazards.md says. With glibc; other C libraries do not unwind.
#[test]
fn a_cancelled_call_without_the_shield_ends_the_process() {
    const SIGABRT: i32 = 6;
    let ran = run("unshielded");
    assert_eq!(ran.signal(), Some(SIGABRT), "{ran}");
    let stderr = String::from_utf8_lossy(&ran.stderr);
    assert!(stderr.contains("exception not rethrown"), "{ran}");
}

/// With a registered shutdown; without one such an end aborts.
#[test]
fn python_ends_while_the_librarys_threads_call_back() {
    let Some(python) = python() else {
        let test = "python_ends_while_the_librarys_threads_call_back";
        return skipped(test, "there is no Python");
    };
    for _ in 0..5 {
        let ran = Host::new(&python)
            .arg(source("wait/ends.py"))
            .args([&fixture("probe").library(), "7"])
            .run();
        assert_eq!(ran.exits(7), "shutdown 0\n");
    }
}

/// `rt0::shutdown`, on one of the author's threads.
#[test]
fn the_librarys_own_code_ends_it() {
    let steps = "call1 probe_end_on_thread -1 until probe_state 0 call probe_generation \
                 until probe_ended_on_thread 0 call probe_ended call1 probe_shutdown 5000";
    let said = Said::of(&load(&fixture("probe").library(), steps).run());
    assert_eq!(said.one("probe_generation"), "2");
    assert_eq!(said.one("probe_ended"), "111");
}

/// With the same timeout and messages as `NAME_shutdown`.
#[test]
fn it_does_so_with_a_timeout() {
    let steps = "begin1 probe_stay 3000 until probe_inside 1 call1 probe_end_on_thread 50 \
                 until probe_ended_on_thread -15 end call probe_generation";
    let said = Said::of(&load(&fixture("probe").library(), steps).run());
    assert_eq!(said.one("probe_generation"), "1");
}

#[test]
fn an_end_from_inside_is_answered() {
    let steps = "call probe_end_inside call probe_end_on_worker call probe_generation \
                 call1 probe_shutdown 5000";
    let said = Said::of(&load(&fixture("probe").library(), steps).run());
    assert_eq!(said.one("probe_end_inside"), "-5", "WOULD_DEADLOCK");
    assert_eq!(said.one("probe_end_on_worker"), "-5", "WOULD_DEADLOCK");
    assert_eq!(said.one("probe_generation"), "1");
    assert_eq!(said.one("probe_shutdown"), "0");
}
