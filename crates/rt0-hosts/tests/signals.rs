//! A host that uses signals: they stay its own.

use std::path::PathBuf;

use rt0_hosts::fixture::fixture;
use rt0_hosts::require::skipped;
use rt0_hosts::watchdog::Host;
use rt0_hosts::{cc, scratch};

fn host(what: &str) -> Host {
    let probe = fixture("probe");
    Host::new(cc::c("signals.c", &[&probe.include()]))
        .args([&probe.library(), what])
        .env("RT0_WORKERS", "2")
}

/// A boot that goes on when the host makes a file.
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

/// Byte for byte as the kernel has them, on the thread that loads and on those that call. SIGPIPE and
/// SIGCHLD, which std and tokio like to have, are among them.
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
