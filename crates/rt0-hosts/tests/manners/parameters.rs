//! What hosts pass, right and wrong: named errors, and the host lives.

use rt0_hosts::cc;
use rt0_hosts::fixture::{fixture, with_archive};
use rt0_hosts::steps::{UNWINDER, are_static};
use rt0_hosts::watchdog::Host;

/// Runs `hosts/manners/parameters.c`, which prints what is wrong.
#[track_caller]
fn nothing_is_wrong(what: &[&str]) {
    let (probe, library) = if are_static() {
        let probe = with_archive("probe");
        let words = [probe.archive(), UNWINDER.to_owned()];
        (probe, words.to_vec())
    } else {
        let probe = fixture("probe");
        let words = probe.linked();
        (probe, words.to_vec())
    };
    let args = [&[probe.include()], &library[..]].concat();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let host = cc::c("manners/parameters.c", &args);
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
