//! Right and wrong parameters from hosts: errors are named, and the host survives.

use rt0_hosts::cc;
use rt0_hosts::fixture::{fixture, with_archive};
use rt0_hosts::steps::UNWINDER;
use rt0_hosts::target::are_static;
use rt0_hosts::watchdog::Host;

/// Runs `hosts/manners/parameters.c`, which prints what is wrong.
#[track_caller]
fn nothing_is_wrong(what: &[&str]) {
    const SOURCE: &str = "manners/parameters.c";
    let host = if are_static() {
        let probe = with_archive("probe");
        cc::c(SOURCE, &[&probe.include(), &probe.archive(), UNWINDER])
    } else {
        cc::linked(SOURCE, &fixture("probe"))
    };
    assert_eq!(Host::compiled(host).args(what).run().ok(), "");
}

#[test]
fn bad_arguments() {
    nothing_is_wrong(&[]);
}

#[test]
fn memory_that_a_call_may_change_is_passed_once() {
    nothing_is_wrong(&["overlaps"]);
}

#[test]
fn no_byte_between_the_fields_of_a_struct_leaves_the_process() {
    nothing_is_wrong(&["padding"]);
}
