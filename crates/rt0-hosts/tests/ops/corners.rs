//! What a host can stumble over that no other room is for.

use super::{host, nothing_is_wrong};

#[test]
fn the_thread_of_an_idle_callback_queue_notices_a_lost_runtime_itself() {
    nothing_is_wrong("corners", "idle-caller");
}

#[test]
fn who_waits_for_tags_sleeps_also_while_the_runtime_is_lost() {
    nothing_is_wrong("corners", "sleeps");
}

#[test]
fn a_callback_that_forks_is_not_called_in_the_child_with_its_parents_tags() {
    nothing_is_wrong("corners", "forks");
}

/// The result is a handle of the generation that ends meanwhile.
#[test]
fn an_end_beside_a_shutdown_says_so_and_leaves_nothing() {
    nothing_is_wrong("corners", "end-beside-shutdown");
}

#[test]
fn a_task_that_waits_for_a_cancel_hears_that_the_op_is_done() {
    nothing_is_wrong("corners", "helped");
}

#[test]
fn so_it_does_where_only_calls_drive_the_runtime() {
    let quiet = host("corners", "helped").env("RT0_START", "quiet");
    assert_eq!(quiet.env("OPS_DRIVES", "1").run().ok(), "");
}

/// There no thread looks at the clock, and the one who waits drives the runtime.
#[test]
fn a_deadline_is_kept_by_who_has_waited_before_the_op_began() {
    assert_eq!(
        host("corners", "hurried")
            .env("RT0_START", "quiet")
            .run()
            .ok(),
        ""
    );
}

#[test]
fn the_end_ahead_of_the_process_says_that_a_callback_has_not_returned() {
    nothing_is_wrong("corners", "stuck");
}

#[test]
fn an_op_that_is_closed_before_the_boot_is_done_leaves_nothing() {
    assert_eq!(
        host("corners", "freed-before-boot")
            .env("PORTER_BOOT", "closed")
            .run()
            .ok(),
        ""
    );
}

#[test]
fn a_host_that_waits_on_a_thread_that_drives_the_runtime_is_told() {
    assert_eq!(
        host("corners", "looks")
            .env("RT0_START", "quiet")
            .run()
            .ok(),
        ""
    );
}
