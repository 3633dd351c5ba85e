//! Handles that ops give, hold and take.

use crate::nothing_is_wrong;

#[test]
fn an_op_gives_a_handle() {
    nothing_is_wrong("handles", "gives");
}

#[test]
fn a_handle_that_nobody_fetches_is_dropped() {
    nothing_is_wrong("handles", "unfetched");
}

#[test]
fn a_handle_that_an_op_reads_is_held() {
    nothing_is_wrong("handles", "holds");
}

#[test]
fn a_handle_that_an_op_changes_is_its_alone() {
    nothing_is_wrong("handles", "alone");
}

#[test]
fn a_handle_that_an_op_takes_is_gone_at_once() {
    nothing_is_wrong("handles", "takes");
}

#[test]
fn an_op_that_does_not_begin_takes_nothing() {
    nothing_is_wrong("handles", "refused");
}

#[test]
fn nor_does_one_for_whose_deadline_there_is_no_thread() {
    nothing_is_wrong("handles", "no-clock");
}

#[test]
fn with_the_tag_the_handle_is_free() {
    nothing_is_wrong("handles", "free-again");
}
