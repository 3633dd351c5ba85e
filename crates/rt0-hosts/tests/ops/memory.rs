//! What many ops leave behind.

use rt0_hosts::soak::runs;

use crate::host;

#[track_caller]
fn leave_nothing(part: &str) {
    let most = runs(10_000, 100_000).to_string();
    assert_eq!(host("memory", part).env("OPS_MOST", most).run().ok(), "");
}

#[test]
fn ops_that_are_done_leave_nothing() {
    leave_nothing("ready");
}

#[test]
fn nor_do_their_tags() {
    leave_nothing("queue");
}

#[test]
fn nor_ops_that_are_cancelled() {
    leave_nothing("cancelled");
}

#[test]
fn nor_ops_that_are_closed_early() {
    leave_nothing("freed");
}

#[test]
fn nor_deadlines_that_never_come() {
    leave_nothing("timed");
}

#[test]
fn nor_queues() {
    leave_nothing("queues");
}

#[test]
fn nor_ops_that_do_not_begin() {
    leave_nothing("refused");
}
