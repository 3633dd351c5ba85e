//! What 100,000 ops leave behind.

use crate::nothing_is_wrong;

#[test]
fn ops_that_are_done_leave_nothing() {
    nothing_is_wrong("memory", "ready");
}

#[test]
fn nor_do_their_tags() {
    nothing_is_wrong("memory", "queue");
}

#[test]
fn nor_ops_that_are_cancelled() {
    nothing_is_wrong("memory", "cancelled");
}

#[test]
fn nor_ops_that_are_closed_early() {
    nothing_is_wrong("memory", "freed");
}

#[test]
fn nor_deadlines_that_never_come() {
    nothing_is_wrong("memory", "timed");
}

#[test]
fn nor_queues() {
    nothing_is_wrong("memory", "queues");
}

#[test]
fn nor_ops_that_do_not_begin() {
    nothing_is_wrong("memory", "refused");
}
