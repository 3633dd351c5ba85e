//! Guards that belong to no thread: a shutdown waits for them, and nobody reaches a state that is gone.

use std::time::Duration;

use rt0_hosts::fixture::fixture;
use rt0_hosts::steps::{Said, load};
use rt0_hosts::watchdog::Host;

fn host(steps: &str) -> Host {
    load(&fixture("gates").library(), steps).env("RT0_WORKERS", "2")
}

fn run(steps: &str) -> Said {
    Said::of(&host(steps).run())
}

#[test]
fn a_shutdown_waits_for_a_guard_on_another_thread() {
    let steps =
        "call1 gates_travel 400 call1 gates_shutdown -1 call gates_seen call gates_generation";
    let said = run(steps);
    assert_eq!(said.one("gates_travel"), "7");
    assert_eq!(said.one("gates_shutdown"), "0");
    assert_eq!(
        said.one("gates_seen"),
        "10",
        "generation 1, no state dropped"
    );
    assert_eq!(said.one("gates_generation"), "2");
}

#[test]
fn a_shutdown_that_is_called_off_says_where_the_guards_were_made() {
    let steps = "call gates_keep call1 gates_shutdown 50 text gates_last_error call gates_kept \
                 call gates_generation call gates_drop call1 gates_shutdown -1 call gates_dropped";
    let said = run(steps);
    assert_eq!(said.all("gates_shutdown"), ["-15", "0"], "TIMED_OUT");
    let text = said.one("gates_last_error");
    for words in [
        "2 guard(s)",
        "rt0::SharedReady",
        "travelling.rs:",
        "keeps working as before",
    ] {
        assert!(text.contains(words), "`{words}` is missing: {text}");
    }
    assert_eq!(said.one("gates_kept"), "11");
    assert_eq!(said.one("gates_generation"), "1");
    assert_eq!(said.one("gates_drop"), "2");
    assert_eq!(said.one("gates_dropped"), "1");
}

/// The child's own guard has the same place in its list as the parent's had in the parent's.
#[test]
fn a_guard_of_a_forks_parent_is_nothing_to_the_child() {
    let steps = "call gates_keep fork call gates_kept call1 gates_travel 3000 call gates_drop \
                 call1 gates_shutdown 50 call gates_generation join call gates_kept call gates_drop \
                 call1 gates_shutdown -1";
    let said = run(steps);
    let text = said.text();
    assert!(
        text.contains("child gates_kept = 11"),
        "the parent's state\n{text}"
    );
    assert!(text.contains("child gates_drop = 2"), "{text}");
    assert!(
        text.contains("child gates_shutdown = -15"),
        "its own counts\n{text}"
    );
    assert!(text.contains("child gates_generation = 2"), "{text}");
    assert_eq!(said.one("gates_kept"), "11", "{text}");
    assert_eq!(said.one("gates_shutdown"), "0", "{text}");
}

/// The shutdown has looked at the guards before, and is past the wait for them.
#[test]
fn a_main_that_gives_its_guard_away_at_the_end_keeps_the_state() {
    let steps = "call1 gates_wait -1 sleep 300 call1 gates_shutdown -1 text gates_last_error \
                 call gates_dropped call gates_kept call gates_drop call gates_generation \
                 call gates_dropped";
    let said = Said::of(&host(steps).env("GATES_MAIN", "gives").run());
    assert_eq!(said.one("gates_shutdown"), "-18", "ENDED_BADLY");
    let text = said.one("gates_last_error");
    assert!(text.contains("SharedReady"), "{text}");
    assert_eq!(said.all("gates_dropped"), ["0", "0"]);
    assert_eq!(said.one("gates_kept"), "1");
    assert_eq!(said.one("gates_generation"), "2");
}

#[test]
fn an_exit_leaves_what_a_guard_keeps() {
    let begun = std::time::Instant::now();
    let said = Said::from(&host("call gates_keep call gates_kept exit 6").run(), 6);
    assert_eq!(said.one("gates_kept"), "11");
    assert!(begun.elapsed() < Duration::from_secs(20));
}

/// The guards are dropped then. If they were not, the state would stay with them.
#[test]
fn an_exit_tells_who_holds_guards_before_it_waits() {
    let host = host("call gates_give_up call gates_keep call gates_kept exit 6");
    // This is not about the time limit: a busy machine may need longer.
    let host = host.env("RT0_EXIT_TIMEOUT", "20000");
    let said = Said::from(&host.env("GATES_LOUD", "1").run(), 6);
    assert_eq!(said.one("gates_kept"), "11");
    assert_eq!(said.all("dropped"), ["1"], "{}", said.text());
}

#[test]
fn a_thread_with_a_guard_can_spawn_during_a_shutdown() {
    let steps = "call1 gates_spawn_late 600 call1 gates_shutdown -1 call gates_seen";
    let said = run(steps);
    assert_eq!(said.one("gates_shutdown"), "0");
    assert_eq!(said.one("gates_seen"), "7");
}

/// A shutdown that is waiting for a guard notices the loss, but not at once.
#[test]
fn nothing_is_spawned_on_a_lost_runtime_while_a_shutdown_waits() {
    let steps = "call gates_keep begin1 gates_shutdown -1 until gates_state 5 sweep \
                 call gates_spawn_now end call gates_drop";
    // Another worker might run a task although the one that waits for descriptors never wakes.
    let said = Said::of(&host(steps).env("RT0_WORKERS", "1").run());
    // If the shutdown was faster, the call gets its error, or the task is one of the next generation's.
    let spawned = said.one("gates_spawn_now");
    assert!(["-99", "7"].contains(&spawned), "{}", said.text());
}

/// The runtime is lost while a guard is held: the next call boots all the same.
#[test]
fn a_guard_in_a_lost_generation_holds_nobody_up() {
    let steps = "call gates_keep sweep call1 gates_shutdown 3000 call gates_kept call gates_generation \
                 call gates_drop call1 gates_shutdown -1";
    let said = run(steps);
    assert_eq!(said.all("gates_shutdown"), ["0", "0"], "{}", said.text());
    assert_eq!(said.one("gates_kept"), "11");
    assert_eq!(said.one("gates_generation"), "2");
}

#[test]
fn nor_a_call_that_boots_again() {
    let steps = "call gates_keep sweep call gates_block call gates_block call gates_kept \
                 call gates_generation";
    let host = host(steps)
        .env("RT0_RETRY", "on-call")
        .env("RT0_RETRY_PAUSE", "0");
    let said = Said::of(&host.run());
    assert_eq!(said.all("gates_block"), ["-99", "7"], "{}", said.text());
    assert_eq!(said.one("gates_kept"), "11");
    assert_eq!(said.one("gates_generation"), "2");
}
