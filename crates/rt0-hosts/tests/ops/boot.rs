//! Ops that begin before the library is ready.

use crate::host;

#[track_caller]
fn boots(part: &str, environment: &[(&str, &str)]) {
    let ran = host("boot", part).envs(environment.iter().copied()).run();
    assert_eq!(ran.ok(), "", "{part}: {environment:?}");
}

/// With init waiting for a word of the host's, from the load on and from the first op on.
#[track_caller]
fn waits(part: &str) {
    for start in ["load", "lazy"] {
        boots(part, &[("PORTER_BOOT", "closed"), ("RT0_START", start)]);
    }
}

#[test]
fn an_op_begins_before_the_boot_is_done_and_starts_after_it() {
    waits("early");
}

#[test]
fn a_thousand_of_them_need_no_thread_each() {
    waits("many");
}

#[test]
fn one_that_ends_before_the_boot_is_done_never_starts() {
    waits("cancelled");
}

#[test]
fn an_op_gets_the_error_of_the_boot_that_it_waits_for() {
    for start in ["load", "lazy"] {
        boots("fails", &[("PORTER_BOOT", "fail"), ("RT0_START", start)]);
    }
}

#[test]
fn an_op_boots_again_as_a_call_does() {
    boots(
        "retry",
        &[
            ("PORTER_BOOT", "fail-once"),
            ("RT0_START", "lazy"),
            ("RT0_RETRY", "on-call"),
            ("RT0_RETRY_PAUSE", "0"),
        ],
    );
}

#[test]
fn nothing_begins_before_the_host_has_asked_for_the_start() {
    boots("manual", &[("RT0_START", "manual")]);
}

#[test]
fn there_is_no_handle_before_the_boot() {
    boots("handle", &[("PORTER_BOOT", "closed")]);
}

#[test]
fn a_shutdown_ends_the_ops_that_wait_for_the_boot() {
    waits("shutdown");
}

#[test]
fn an_op_boots_a_library_that_is_lazy_or_quiet() {
    boots("lazy", &[("RT0_START", "lazy")]);
    boots("lazy", &[("RT0_START", "quiet")]);
}

#[test]
fn a_fork_before_the_boot_is_done() {
    boots("fork", &[("PORTER_BOOT", "closed")]);
}

#[test]
fn a_queue_needs_no_boot() {
    boots("queues", &[("RT0_START", "lazy")]);
}

#[test]
fn ops_that_wait_for_the_boot_do_not_hold_an_exit_up() {
    boots(
        "exit",
        &[("PORTER_BOOT", "closed"), ("RT0_EXIT_TIMEOUT", "200")],
    );
}

#[test]
fn where_no_thread_can_wait_for_the_boot_nothing_begins() {
    boots("no-thread", &[("RT0_START", "lazy")]);
}
