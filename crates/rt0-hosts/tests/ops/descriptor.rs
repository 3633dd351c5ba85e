//! A queue's descriptor, in loops with poll and epoll.

use crate::{host, nothing_is_wrong};

#[test]
fn it_is_readable_when_tags_come() {
    nothing_is_wrong("descriptor", "poll");
}

#[test]
fn a_thousand_ops_in_one_loop() {
    nothing_is_wrong("descriptor", "loop");
}

#[test]
fn many_tags_are_one_byte() {
    nothing_is_wrong("descriptor", "once");
}

#[test]
fn each_caller_owns_a_duplicate_and_need_not_read_it() {
    nothing_is_wrong("descriptor", "own");
}

#[test]
fn it_ends_with_its_queue() {
    nothing_is_wrong("descriptor", "ended");
}

#[test]
fn where_there_is_none_to_be_had_the_queue_works_without() {
    nothing_is_wrong("descriptor", "none");
}

#[test]
fn one_that_is_asked_for_late_is_readable() {
    nothing_is_wrong("descriptor", "late");
}

#[test]
fn the_hosts_own_files_under_its_numbers_are_left_alone() {
    nothing_is_wrong("descriptor", "swept");
}

#[test]
fn where_no_thread_would_make_it_readable_there_is_none() {
    let ran = host("descriptor", "quiet").env("RT0_START", "quiet").run();
    assert_eq!(ran.ok(), "");
}
