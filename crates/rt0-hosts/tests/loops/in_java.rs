//! A thread of Java's that takes.

use rt0_hosts::fixture::fixture;
use rt0_hosts::java::java_with_foreign_functions;
use rt0_hosts::require::skipped;
use rt0_hosts::target::named_target;
use rt0_hosts::watchdog::Host;
use rt0_hosts::{scratch, source};

use crate::said::{LIMIT, check, starts};

fn host(test: &str) -> Option<Host> {
    let java = named_target()
        .is_empty()
        .then(java_with_foreign_functions)
        .flatten();
    let Some(java) = java else {
        skipped(test, "it needs Java 22 or later, and no other target");
        return None;
    };
    let classes = scratch().join(format!("loops/{test}"));
    java.compile(&[&source("loops/Take.java")], &[], &classes)
        .succeeds();
    let host = java.host().arg("-cp").arg(classes).arg("Take");
    Some(host.arg(fixture("shop").library()).limit(LIMIT))
}

#[test]
fn a_thread_takes_and_completes_futures() {
    let Some(host) = host("a_thread_takes_and_completes_futures") else {
        return;
    };
    let said = check(&host.run());
    starts(&said, "late", "-15 ");
    assert_eq!(said.one("cancel"), "0");
    starts(&said, "cancelled", "-20 ");
    assert_eq!(said.one("shutdown"), "0");
}

/// The thread that takes is in the library, and an op is open, when main returns.
#[test]
fn a_machine_that_ends_hears_that_ops_are_stopped() {
    let Some(host) = host("a_machine_that_ends_hears_that_ops_are_stopped") else {
        return;
    };
    let said = rt0_hosts::steps::Said::of(&host.arg("ends").run());
    starts(&said, "stopped", "-7 shop_fetch");
}
