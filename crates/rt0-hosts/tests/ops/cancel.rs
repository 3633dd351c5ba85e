//! Ops that end early.

use crate::nothing_is_wrong;

#[test]
fn a_cancelled_future_is_dropped_at_its_await() {
    nothing_is_wrong("cancel", "dropped");
}

#[test]
fn cancelling_does_not_wait() {
    nothing_is_wrong("cancel", "blocking");
}

#[test]
fn one_that_takes_a_cancel_is_told_and_goes_on_to_its_own_end() {
    nothing_is_wrong("cancel", "told");
}

#[test]
fn its_own_end_may_be_an_error() {
    nothing_is_wrong("cancel", "own-error");
}

#[test]
fn or_it_does_not_ask() {
    nothing_is_wrong("cancel", "ignores");
}

#[test]
fn a_result_that_came_first_stays() {
    nothing_is_wrong("cancel", "too-late");
}

#[test]
fn cancelled_by_many_it_is_done_once() {
    nothing_is_wrong("cancel", "twice");
}

#[test]
fn the_tag_of_an_op_that_is_closed_early_still_comes() {
    nothing_is_wrong("cancel", "freed");
}

#[test]
fn so_does_that_of_one_that_is_told() {
    nothing_is_wrong("cancel", "freed-told");
}

#[test]
fn a_result_that_nobody_takes_is_dropped() {
    nothing_is_wrong("cancel", "freed-done");
}

#[test]
fn done_and_cancelled_at_the_same_time_it_is_one_of_both() {
    nothing_is_wrong("cancel", "race");
}

#[test]
fn an_op_has_a_deadline() {
    nothing_is_wrong("cancel", "deadline");
}

#[test]
fn an_export_has_a_deadline_of_its_own() {
    nothing_is_wrong("cancel", "own-deadline");
}

#[test]
fn a_deadline_drops_one_that_takes_a_cancel_too() {
    nothing_is_wrong("cancel", "told-deadline");
}

#[test]
fn an_op_without_any_time_begins_and_ends() {
    nothing_is_wrong("cancel", "no-time");
}
