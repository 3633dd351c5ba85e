//! A host that uses signals: they stay its own.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use rt0_hosts::fixture::fixture;
use rt0_hosts::require::{elsewhere, skipped};
use rt0_hosts::soak::{is_soak, runs};
use rt0_hosts::watchdog::Host;
use rt0_hosts::{cc, pkg_config, scratch, source, target};

fn program() -> PathBuf {
    cc::c("manners/signals.c", &[&fixture("probe").include()])
}

fn host(what: &str) -> Host {
    Host::new(program())
        .args([&fixture("probe").library(), what])
        .env("RT0_WORKERS", "2")
}

/// A boot that waits until the host makes a file.
struct Waiting(PathBuf);

impl Waiting {
    fn new(name: &str) -> Waiting {
        let file = scratch().join(format!("go-{name}-{}", std::process::id()));
        let _ = std::fs::remove_file(&file);
        Waiting(file)
    }

    fn script(&self) -> String {
        format!("until:{}", self.0.display())
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn waits(what: &str) -> String {
    let file = Waiting::new(what);
    let host = host(what)
        .env("PROBE_BOOT", file.script())
        .env("GO", &file.0);
    host.run().ok()
}

/// Byte for byte as the kernel has them, on the thread that loads and on those that call, including SIGPIPE and
/// SIGCHLD, which std and tokio use elsewhere.
#[test]
fn dispositions_masks_and_alternate_stacks_are_untouched() {
    assert_eq!(host("untouched").run().ok(), "");
}

#[test]
fn a_host_recovers_from_its_own_faults() {
    assert_eq!(host("recovers").run().ok(), "");
}

#[test]
fn a_profilers_signals_are_taken_by_the_host() {
    assert_eq!(host("profiled").run().ok(), "");
}

#[test]
fn signals_to_the_process_are_taken_by_the_host() {
    assert_eq!(host("directed").run().ok(), "");
}

#[test]
fn signals_of_a_descriptor_are_taken_by_the_host() {
    assert_eq!(host("owned_files").run().ok(), "");
}

#[test]
fn a_thousand_signals_do_not_end_a_wait() {
    assert_eq!(waits("interrupted"), "");
}

#[test]
fn a_wait_goes_on_after_a_stop_and_under_a_debugger() {
    let said = waits("stopped");
    if said == "no ptrace\n" {
        let test = "a_wait_goes_on_after_a_stop_and_under_a_debugger";
        return skipped(test, "no debugger is allowed here");
    }
    assert_eq!(said, "");
}

/// A cancelled thread gets its answer first, and ends at its next cancellation point.
#[test]
fn a_cancelled_wait_has_its_answer_first() {
    assert_eq!(waits("cancelled"), "");
}

/// Unblocked for a moment, they would end the process. The boot is on a thread of its own, begun by the load
/// or by a call, or on the caller's.
#[test]
fn signals_that_are_blocked_and_pending_stay_so() {
    let pending = |host: Host, prefix: &str, start: &str| {
        let host = host.env("PENDING", prefix).env("RT0_START", start);
        assert_eq!(host.run().ok(), "", "RT0_START={start}");
    };
    pending(host("pending"), "probe", "load");
    pending(host("pending"), "probe", "lazy");
    let hush = Host::new(program()).args([&fixture("hush").library(), "pending"]);
    pending(hush, "hush", "quiet");
}

#[test]
fn a_collector_stops_the_librarys_threads() {
    assert_eq!(host("collector").run().ok(), "");
}

#[test]
fn a_collector_that_begins_after_the_load_stops_them_too() {
    assert_eq!(host("late_collector").run().ok(), "");
}

#[test]
fn threads_at_rest_hear_of_a_collector_that_begins_after_the_load() {
    // Init leaves a thread for blocking tasks behind.
    let host = host("late_collector").env("PROBE_BOOT", "call-blocking");
    assert_eq!(host.run().ok(), "");
}

#[test]
fn the_smallest_stacks_have_room_for_a_collectors_handler() {
    let host = host("collector").env("RT0_STACK_SIZE", "65536");
    assert_eq!(host.run().ok(), "");
}

#[test]
fn a_host_can_have_its_collector_use_signals_that_others_use() {
    let host = host("collector").env("USR", "1");
    let host = host.env("RT0_COLLECTOR_SIGNALS_PROBE", "usr");
    assert_eq!(host.run().ok(), "");
}

#[test]
fn without_a_handler_or_where_the_host_says_so_no_collector_stops_them() {
    assert_eq!(host("all_blocked").run().ok(), "");
    let host = host("all_blocked").env("RT0_COLLECTOR_SIGNALS", "none");
    assert_eq!(host.run().ok(), "");
}

#[test]
fn what_the_loading_thread_blocks_is_blocked_on_the_librarys() {
    assert_eq!(host("blocked_by_loader").run().ok(), "");
}

#[test]
fn what_main_blocks_for_a_moment_makes_no_difference() {
    assert_eq!(host("blocked_for_a_moment").run().ok(), "");
}

/// With Boehm's collector: a thread of the library registers itself, allocates, and goes back to waiting for
/// work; another thread collects.
#[test]
fn boehms_collector_stops_the_librarys_threads() {
    let test = "boehms_collector_stops_the_librarys_threads";
    if target::is_for_another() {
        return elsewhere(test);
    }
    let Some(flags) = pkg_config("bdw-gc") else {
        return skipped(test, "there is no collector to link with (libgc-dev)");
    };
    let probe = fixture("probe");
    let include = probe.include();
    let mut args = vec![&*include];
    args.extend(flags.iter().map(String::as_str));
    for when in ["before", "after"] {
        let host = Host::new(cc::c("manners/boehm.c", &args)).args([&probe.library(), when]);
        let host = host.limit(Duration::from_secs(30));
        assert_eq!(host.run().ok(), "collected\n", "{when} the load");
    }
}

/// The same with the collectors of D and Mono, which only the soak has (`ci/soak.sh`).
#[test]
fn collectors_of_other_languages_stop_the_librarys_threads() {
    let test = "collectors_of_other_languages_stop_the_librarys_threads";
    if target::is_for_another() {
        return elsewhere(test);
    }
    if !is_soak() {
        return;
    }
    let in_d = scratch().join("collector-d");
    let for_mono = scratch().join("collector.exe");
    let compilers = [
        (
            Host::new("gdc")
                .arg("-o")
                .arg(&in_d)
                .arg(source("manners/collector.d"))
                .arg("-ldl"),
            Host::new(&in_d).env("RT0_COLLECTOR_SIGNALS", "usr"),
        ),
        (
            Host::new("mcs")
                .arg(format!("-out:{}", for_mono.display()))
                .arg(source("manners/collector.cs")),
            Host::new("mono").arg(&for_mono),
        ),
    ];
    for ((compiler, host), name) in compilers.into_iter().zip(["gdc", "mcs"]) {
        if Command::new(name).arg("--version").output().is_err() {
            skipped(test, &format!("there is no {name} (ci/soak.sh)"));
            continue;
        }
        compiler.run().succeeds();
        let host = host.arg(fixture("probe").library());
        let host = host.limit(Duration::from_secs(60));
        assert_eq!(host.run().ok(), "collected\n", "{name}");
    }
}

fn times() -> String {
    runs(40, 200).to_string()
}

/// Although they have handlers, and the thread that loaded the library blocks none.
#[test]
fn what_main_reads_is_never_taken() {
    assert_eq!(host("waited_for").env("TIMES", times()).run().ok(), "");
    let usr = host("waited_for").env("RT0_COLLECTOR_SIGNALS", "usr");
    assert_eq!(usr.env("TIMES", times()).run().ok(), "");
}

#[test]
fn what_main_begins_to_read_after_the_first_call_is_not_taken() {
    let host = host("waited_for_later").env("TIMES", times());
    assert_eq!(host.run().ok(), "");
}

#[test]
fn a_hosts_crash_reporter_sees_an_abort_of_the_librarys_threads() {
    host("crashes").run().exits(17);
}
