//! How ops are done, and what `_end` gives.

use crate::nothing_is_wrong;

#[test]
fn a_result_comes_with_one_tag() {
    nothing_is_wrong("completion", "result");
}

#[test]
fn an_error_is_the_authors() {
    nothing_is_wrong("completion", "error");
}

#[test]
fn a_panic_is_the_ops_and_the_library_goes_on() {
    nothing_is_wrong("completion", "panic");
}

#[test]
fn texts_and_numbers_are_copied_at_the_start() {
    nothing_is_wrong("completion", "copies");
}

#[test]
fn tags_come_in_the_order_in_which_ops_are_done() {
    nothing_is_wrong("completion", "order");
}

#[test]
fn an_op_without_a_queue_can_be_waited_for() {
    nothing_is_wrong("completion", "waits");
}

#[test]
fn an_op_that_is_not_done_stays_open() {
    nothing_is_wrong("completion", "not-done");
}

#[test]
fn an_op_is_closed_once_and_its_number_is_not_used_again() {
    nothing_is_wrong("completion", "once");
}

#[test]
fn an_op_of_another_export_is_refused_and_keeps_its_result() {
    nothing_is_wrong("completion", "other");
}

#[test]
fn handles_that_are_none_are_refused() {
    nothing_is_wrong("completion", "odd");
}

#[test]
fn places_for_results_are_checked_before_the_result_is_taken() {
    nothing_is_wrong("completion", "places");
}

#[test]
fn the_blocking_twin_gives_the_same() {
    nothing_is_wrong("completion", "twin");
}

#[test]
fn an_op_that_does_not_begin_leaves_no_op_and_no_tag() {
    nothing_is_wrong("completion", "wrong");
}

#[test]
fn an_ops_handle_is_there_when_its_tag_comes() {
    nothing_is_wrong("completion", "first");
}
