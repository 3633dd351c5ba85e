//! The watchdog itself: its report about a host that hangs.
//!
//! On Linux only: elsewhere the watchdog knows the process that hangs, and none that it has started.
#![cfg(target_os = "linux")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::time::Duration;

use rt0_hosts::cc;
use rt0_hosts::require::{is_root, skipped};
use rt0_hosts::watchdog::Host;

#[test]
fn a_host_that_hangs_is_shown_with_all_its_childrens_threads() {
    let host = Host::compiled(cc::c("stuck.c", &[])).limit(Duration::from_secs(1));
    let panicked = catch_unwind(AssertUnwindSafe(|| host.run())).err();
    let said = panicked.expect("it does not end by itself");
    let said = said.downcast_ref::<String>().expect("a text");
    assert!(
        said.contains("not over after") && said.contains("--- stdout\nstuck\n"),
        "{said}"
    );
    assert_eq!(said.matches("\nprocess ").count(), 3, "{said}");
    // gdb may look at a process that is not its child, unless that is forbidden.
    let scope = std::fs::read_to_string("/proc/sys/kernel/yama/ptrace_scope").unwrap_or_default();
    let allowed = is_root() || matches!(scope.trim(), "" | "0");
    if !allowed || Command::new("gdb").arg("--version").output().is_err() {
        return skipped(
            "a_host_that_hangs_is_shown",
            "there is no gdb, or it may not look",
        );
    }
    assert!(said.contains("the_thread_that_is_stuck"), "{said}");
}
