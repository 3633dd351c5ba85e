//! Ops from inside the library's own calls, and on its own threads.

use crate::nothing_is_wrong;

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
