//! Hosts that fork with open ops.

use crate::nothing_is_wrong;

#[test]
fn a_child_has_none_of_its_parents_ops_and_queues() {
    nothing_is_wrong("fork", "none");
}

#[test]
fn a_child_has_its_own() {
    nothing_is_wrong("fork", "own");
}

#[test]
fn a_child_touches_no_descriptor_of_its_parents() {
    nothing_is_wrong("fork", "files");
}

#[test]
fn a_descriptor_ends_although_a_child_lives() {
    nothing_is_wrong("fork", "ended");
}

#[test]
fn a_callback_is_called_in_its_own_process() {
    nothing_is_wrong("fork", "calling");
}

#[test]
fn at_any_moment_with_threads_that_begin_and_take() {
    nothing_is_wrong("fork", "moments");
}

#[test]
fn while_a_thread_waits_for_tags() {
    nothing_is_wrong("fork", "thread");
}

#[test]
fn a_child_may_exit() {
    nothing_is_wrong("fork", "exits");
}

#[test]
fn a_child_may_shut_down_what_it_has_not_booted() {
    nothing_is_wrong("fork", "shuts-down");
}
