//! Queues that call the host.

use crate::{host, nothing_is_wrong};

#[test]
fn each_tag_is_called_once_in_order_on_one_thread() {
    nothing_is_wrong("callback", "calls");
}

#[test]
fn a_callback_may_begin_and_end_ops() {
    nothing_is_wrong("callback", "begins");
}

#[test]
fn a_callback_that_waits_holds_up_its_own_queue_only() {
    nothing_is_wrong("callback", "slow");
}

#[test]
fn none_comes_after_the_queue_is_closed() {
    nothing_is_wrong("callback", "freed");
}

#[test]
fn who_closes_the_queue_waits_for_the_one_that_is_under_way() {
    nothing_is_wrong("callback", "under-way");
}

#[test]
fn a_shutdown_delivers_all_and_none_comes_after_it() {
    nothing_is_wrong("callback", "shutdown");
}

#[test]
fn a_callback_can_not_shut_down() {
    nothing_is_wrong("callback", "shuts-down");
}

#[test]
fn nobody_takes_from_such_a_queue() {
    nothing_is_wrong("callback", "takes");
}

#[test]
fn their_threads_end_with_them() {
    nothing_is_wrong("callback", "many");
}

#[test]
fn it_has_room_again_when_a_callback_has_run() {
    nothing_is_wrong("callback", "limit");
}

#[test]
fn where_the_library_makes_no_threads_there_is_none() {
    let ran = host("callback", "quiet").env("RT0_START", "quiet").run();
    assert_eq!(ran.ok(), "");
}

#[test]
fn one_that_is_made_beside_a_shutdown_calls_like_any_other() {
    nothing_is_wrong("callback", "newer");
}
