//! A shutdown is a barrier.

use crate::{host, nothing_is_wrong};

#[test]
fn every_open_op_is_done_before_a_shutdown_returns() {
    nothing_is_wrong("shutdown", "open");
}

#[test]
fn tags_can_be_taken_after_it() {
    nothing_is_wrong("shutdown", "tags");
}

#[test]
fn who_waits_for_tags_and_ops_is_told() {
    nothing_is_wrong("shutdown", "takers");
}

#[test]
fn descriptors_read_as_ended() {
    nothing_is_wrong("shutdown", "descriptor");
}

#[test]
fn one_that_takes_a_cancel_is_told_of_a_shutdown() {
    nothing_is_wrong("shutdown", "told");
}

#[test]
fn one_that_goes_on_is_dropped_in_the_end() {
    nothing_is_wrong("shutdown", "refuses");
}

#[test]
fn a_shutdown_waits_for_a_future_that_is_at_no_await() {
    nothing_is_wrong("shutdown", "blocking");
}

#[test]
fn results_outlive_it_and_handles_do_not() {
    nothing_is_wrong("shutdown", "results");
}

#[test]
fn the_next_generation_has_its_own() {
    nothing_is_wrong("shutdown", "next");
}

#[test]
fn no_op_that_begins_meanwhile_is_forgotten() {
    nothing_is_wrong("shutdown", "begins");
}

#[test]
fn the_state_is_dropped_after_the_last_future() {
    nothing_is_wrong("shutdown", "state");
}

#[test]
fn ten_thousand_open_ops() {
    nothing_is_wrong("shutdown", "many");
}

#[test]
fn generations_leave_nothing_behind() {
    nothing_is_wrong("shutdown", "rounds");
}

#[test]
fn the_end_ahead_of_the_process_is_a_shutdown() {
    nothing_is_wrong("shutdown", "end");
}

#[test]
fn the_twin_is_a_call_that_is_inside() {
    nothing_is_wrong("shutdown", "twin");
}

#[test]
fn ops_that_wait_for_a_boot_that_has_not_begun_are_done_too() {
    let ran = host("shutdown", "early").env("RT0_START", "lazy").run();
    assert_eq!(ran.ok(), "");
}

#[test]
fn a_queue_ends_although_nothing_was_started() {
    let ran = host("shutdown", "cold").env("RT0_START", "lazy").run();
    assert_eq!(ran.ok(), "");
}

#[test]
fn a_future_that_is_being_woken_is_dropped_before_it_returns() {
    nothing_is_wrong("shutdown", "woken");
}

#[test]
fn one_that_begins_while_there_is_nothing_to_end_is_dropped_or_goes_on() {
    let ran = host("shutdown", "meanwhile").env("RT0_START", "lazy").run();
    assert_eq!(ran.ok(), "");
}
