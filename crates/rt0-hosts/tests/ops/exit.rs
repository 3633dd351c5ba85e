//! Processes that end with open ops.

use std::time::{Duration, Instant};

use crate::host;

/// A time that only an endless wait can exceed.
const BOUND: Duration = Duration::from_secs(20);

#[track_caller]
fn ends(how: &str, exit_timeout: &str) {
    let host = host("exit", how).env("RT0_EXIT_TIMEOUT", exit_timeout);
    let begun = Instant::now();
    let ran = host.run();
    assert_eq!(ran.exits(5), "", "{how}");
    assert!(begun.elapsed() < BOUND, "{how}: {:?}", begun.elapsed());
}

#[test]
fn a_process_ends_in_any_way_with_open_ops() {
    for how in ["return", "exit", "quick", "now", "thread"] {
        ends(how, "60000");
    }
}

#[test]
fn nobody_who_waits_for_an_op_holds_an_exit_up() {
    ends("takers", "300");
}

#[test]
fn a_handler_of_exit_finds_them_ended() {
    ends("handler", "60000");
}

#[test]
fn a_queue_that_calls_the_host_ends_too() {
    ends("calling", "60000");
}

#[test]
fn a_future_that_is_at_no_await_is_not_waited_for_longer_than_the_exit_may_take() {
    ends("blocking", "200");
}

#[test]
fn a_handler_that_waits_for_what_has_no_end_is_told() {
    ends("endless", "200");
}
