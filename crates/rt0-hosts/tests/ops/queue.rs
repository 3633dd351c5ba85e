//! Queues of tags.

use crate::nothing_is_wrong;

#[test]
fn at_the_limit_nothing_begins_until_a_tag_is_taken() {
    nothing_is_wrong("queue", "busy");
}

#[test]
fn the_limit_holds_for_all_threads_together() {
    nothing_is_wrong("queue", "busy-many");
}

#[test]
fn each_tag_goes_to_one_of_64_takers() {
    nothing_is_wrong("queue", "takers");
}

#[test]
fn each_tag_wakes_a_taker() {
    nothing_is_wrong("queue", "sleepers");
}

#[test]
fn takers_of_a_queue_that_is_closed_are_told() {
    nothing_is_wrong("queue", "freed");
}

#[test]
fn ops_go_on_without_their_queue() {
    nothing_is_wrong("queue", "freed-ops");
}

#[test]
fn a_queue_that_nobody_takes_from_has_an_end() {
    nothing_is_wrong("queue", "untaken");
}

#[test]
fn a_full_queue_that_was_shut_down_has_ended() {
    nothing_is_wrong("queue", "full-ended");
}

#[test]
fn a_take_takes_what_there_is_room_for_in_order() {
    nothing_is_wrong("queue", "some");
}

#[test]
fn two_queues_do_not_mix() {
    nothing_is_wrong("queue", "two");
}
