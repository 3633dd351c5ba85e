//! Ops from inside the library's own calls, and on its own threads.

use crate::{host, nothing_is_wrong};

#[test]
fn on_a_thread_of_the_librarys_nothing_waits() {
    nothing_is_wrong("inside", "worker");
}

#[test]
fn inside_a_call_ops_are_as_ever() {
    nothing_is_wrong("inside", "call");
}

#[test]
fn a_callback_can_not_wait_for_the_runtime() {
    nothing_is_wrong("inside", "callback");
}

#[test]
fn async_code_that_a_call_waits_for_can_not_wait_for_the_twin() {
    for start in ["load", "quiet"] {
        let ran = host("inside", "awaited").env("RT0_START", start).run();
        assert_eq!(ran.ok(), "", "{start}");
    }
}
