//! A host that closes the descriptors of the library's runtime.

use std::time::Duration;

use crate::host;

/// With worker threads, and driven by the calls.
const KINDS: [(&str, &str); 3] = [("load", "1"), ("load", "2"), ("quiet", "1")];

#[track_caller]
fn is_told(part: &str, kinds: &[(&str, &str)]) {
    for (start, workers) in kinds {
        let mut host = host("lost", part)
            .env("RT0_START", start)
            .env("RT0_WORKERS", workers)
            .env("RT0_RETRY", "on-call")
            .env("RT0_RETRY_PAUSE", "0")
            .limit(Duration::from_secs(30));
        if *start == "quiet" {
            host = host.env("OPS_DRIVES", "1");
        }
        assert_eq!(host.run().ok(), "", "{start} {workers}");
    }
}

#[test]
fn every_open_op_is_done() {
    is_told("ops", &KINDS);
}

#[test]
fn who_waits_for_tags_is_told() {
    is_told("takes", &KINDS);
}

#[test]
fn who_waits_for_an_op_is_told() {
    is_told("waits", &KINDS);
}

#[test]
fn who_waits_in_the_twin_is_told() {
    is_told("twin", &KINDS);
}

#[test]
fn an_op_that_begins_after_it_does_not_wait_forever() {
    is_told("begins", &KINDS);
}

#[test]
fn a_queue_that_calls_the_host_is_told() {
    is_told("calls", &KINDS[..2]);
}

#[test]
fn a_shutdown_that_is_the_first_to_notice_ends_every_op() {
    is_told("shutdown", &KINDS);
}

#[test]
fn results_that_were_there_stay() {
    is_told("results", &KINDS);
}

/// Without a next generation, in which they would wait.
#[test]
fn an_op_that_begins_while_it_is_noticed_is_done() {
    for workers in ["1", "2"] {
        let host = host("lost", "late").env("RT0_WORKERS", workers);
        assert_eq!(host.run().ok(), "", "{workers}");
    }
}

#[test]
fn who_only_watches_a_descriptor_is_told() {
    is_told("watches", &KINDS[..2]);
}

#[test]
fn a_deadline_that_finds_the_runtime_lost_has_all_told() {
    is_told("woken", &KINDS[..1]);
}

#[test]
fn a_thread_of_the_lost_runtime_that_goes_on_later_harms_nobody() {
    is_told("former", &KINDS[1..2]);
}
