//! Closures that wait for the boot: rt0's own thread calls them.

use rt0_hosts::fixture::fixture;
use rt0_hosts::steps::{Said, load};
use rt0_hosts::watchdog::Host;

fn host(script: &str, steps: &str) -> Host {
    let host = load(&fixture("gates").library(), steps);
    host.env("GATES_BOOT", script).env("RT0_WORKERS", "2")
}

fn lazy(script: &str, steps: &str) -> Said {
    Said::of(&host(script, steps).env("RT0_START", "lazy").run())
}

/// Eight closures of one thread, and one thread of the library's that waits for all, whoever begins the boot.
#[test]
fn each_is_called_once_when_the_boot_is_done() {
    for start in ["load", "lazy"] {
        let steps = "call1 gates_closures 8 until gates_waiting 1 call gates_told call gates_open \
                     until gates_waiting 0 call gates_told call gates_closures_dropped call1 gates_shutdown -1 \
                     call gates_told";
        let said = Said::of(&host("closed", steps).env("RT0_START", start).run());
        assert_eq!(said.one("gates_closures"), "0", "none at once, {start}");
        assert_eq!(said.all("gates_told"), ["0", "8", "8"], "{start}");
        assert_eq!(said.all("told"), ["1 elsewhere"; 8], "{start}");
        assert_eq!(said.one("gates_closures_dropped"), "8", "{start}");
        assert_eq!(said.one("gates_shutdown"), "0", "{start}");
    }
}

#[test]
fn when_the_library_is_ready_it_is_called_at_once() {
    let said = lazy(
        "",
        "call gates_async call1 gates_closures 2 call gates_closures_dropped threads",
    );
    assert_eq!(said.one("gates_closures"), "2");
    assert_eq!(said.all("told"), ["1 here"; 2]);
    assert_eq!(said.one("gates_closures_dropped"), "2");
}

/// The one that waits is told by the thread; then the error stays.
#[test]
fn a_failed_boot_is_told_and_when_it_is_final_at_once() {
    let steps =
        "call1 gates_closures 1 until gates_told 1 until gates_waiting 0 call1 gates_closures 1";
    let said = lazy("fail", steps);
    assert_eq!(said.all("told"), ["-2 elsewhere", "-2 here"], "BOOT_FAILED");
}

#[test]
fn a_boot_that_is_tried_again_is_waited_for_again() {
    let steps = "call1 gates_closures 1 until gates_told 1 until gates_waiting 0 call1 gates_closures 1 \
                 until gates_told 2";
    let host = host("fail-once", steps)
        .env("RT0_START", "lazy")
        .env("RT0_RETRY", "on-call")
        .env("RT0_RETRY_PAUSE", "0");
    let said = Said::of(&host.run());
    assert_eq!(said.all("told"), ["-2 elsewhere", "2 elsewhere"]);
}

/// The library's own limit is five seconds.
#[test]
fn it_waits_as_long_as_a_call_does() {
    let steps = "call1 gates_closures 1 until gates_told 1 call gates_open call1 gates_wait 20000";
    let said = lazy("closed", steps);
    assert_eq!(said.one("told"), "-1 elsewhere", "NOT_READY");
    assert_eq!(said.one("gates_wait"), "0");
}

#[test]
fn one_that_is_given_up_is_dropped_and_not_called() {
    let steps = "call gates_closure_given_up call gates_open call gates_async until gates_waiting 0 call gates_told \
                 call gates_closure_given_up call gates_told";
    let said = lazy("closed", steps);
    assert_eq!(said.all("gates_closure_given_up"), ["1", "0"]);
    assert_eq!(said.all("gates_told"), ["0", "1"]);
}

/// Calls of this library wait for a shutdown to end, and boot again. So does a closure, but this one is given up.
#[test]
fn nothing_boots_after_a_shutdown_for_one_that_was_given_up() {
    let steps = "call hush_gives_up call1 hush_shutdown -1 alone call1 hush_wait 0";
    let host = load(&fixture("hush").library(), steps);
    let said = Said::of(&host.env("RT0_START", "load").run());
    assert_eq!(said.one("hush_gives_up"), "7");
    assert_eq!(said.one("given up"), "true");
    assert_eq!(said.one("hush_shutdown"), "0");
    assert_eq!(said.one("alone"), "1");
    assert_eq!(said.one("hush_wait"), "-1", "NOT_READY: {}", said.text());
}

/// On the thread that all wait for, and on the caller's.
#[test]
fn one_that_panics_harms_nobody() {
    let steps = "call gates_closure_panics call1 gates_closures 1 call gates_open until gates_told 1 \
                 until gates_waiting 0 call gates_closure_panics call gates_closures_dropped \
                 call1 gates_shutdown -1";
    let said = Said::of(&host("closed", steps).env("RT0_START", "lazy").run());
    assert_eq!(said.all("gates_closure_panics"), ["7", "7"]);
    assert_eq!(said.one("told"), "1 elsewhere");
    assert_eq!(said.one("gates_closures_dropped"), "3");
    assert_eq!(said.one("gates_shutdown"), "0");
}

/// It runs on one of the library's own threads.
#[test]
fn it_may_call_what_the_librarys_threads_may() {
    let steps = "call gates_closure_calls call gates_open until gates_told 2 until gates_waiting 0 \
                 call1 gates_shutdown -1";
    let said = lazy("closed", steps);
    assert_eq!(said.one("calls"), "1 7 -5", "a shutdown: WOULD_DEADLOCK");
    assert_eq!(said.one("told"), "1 here", "at once");
    assert_eq!(said.one("gates_shutdown"), "0");
}

/// The first of three returns only when the gate is closed again. Nothing of the library runs afterwards.
#[test]
fn a_shutdown_tells_who_is_left_and_waits_for_them() {
    let steps = "call gates_closure_stays call1 gates_closures 2 call gates_open until gates_told 1 \
                 begin1 gates_shutdown -1 until gates_state 5 call gates_let_closure_go end call gates_told alone";
    let said = lazy("closed", steps);
    assert_eq!(said.all("told"), ["-7 elsewhere"; 2], "STOPPED");
    assert_eq!(said.one("gates_shutdown"), "0");
    assert_eq!(said.one("gates_told"), "3");
    let text = said.text();
    let (told, over) = (text.rfind("told = -7"), text.find("gates_shutdown = 0"));
    assert!(told.is_some() && told < over, "{text}");
}

/// The boot goes on when the exit has begun.
#[test]
fn none_is_called_or_dropped_while_the_process_exits() {
    let steps = "call1 gates_closures 1 until gates_waiting 1 until gates_state 2 begin gates_opens_at_exit exit 6";
    let host = host("closed", steps).env("RT0_EXIT_TIMEOUT", "20000");
    let host = host.env("GATES_LOUD", "1").env("GATES_LINGERS", "1");
    let said = Said::from(&host.run(), 6);
    assert_eq!(said.one("opened"), "1");
    assert_eq!(said.one("dropped"), "1", "the state: the boot was done");
    assert!(said.all("told").is_empty(), "{}", said.text());
    assert!(said.all("owned").is_empty(), "{}", said.text());
}

/// The child has its own.
#[test]
fn a_forks_child_neither_calls_nor_drops_its_parents() {
    let steps = "call1 gates_closures 3 until gates_closed 1 until gates_waiting 1 fork call gates_open \
                 call1 gates_closures 1 until gates_told 1 until gates_waiting 0 call gates_closures_dropped \
                 call1 gates_shutdown -1 call gates_closures_dropped join \
                 call gates_told call gates_open until gates_told 3 until gates_waiting 0 \
                 call gates_closures_dropped";
    let said = Said::of(&host("closed", steps).run());
    let text = said.text();
    assert_eq!(
        text.matches("child gates_closures_dropped = 1").count(),
        2,
        "{text}"
    );
    assert_eq!(said.one("gates_told"), "0", "{text}");
    assert_eq!(said.one("gates_closures_dropped"), "3", "{text}");
    let mut told = said.all("told");
    told.sort_unstable();
    assert_eq!(
        told,
        ["1 elsewhere", "1 elsewhere", "1 elsewhere", "2 elsewhere"]
    );
}

/// On the thread that calls and wakes all, of which the child has a copy.
#[test]
fn nor_does_the_child_of_a_closure_that_forks() {
    let steps = "call gates_closure_forks call gates_open until gates_told 1 until gates_waiting 0 \
                 call1 gates_shutdown -1";
    let said = lazy("closed", steps);
    assert_eq!(said.one("child"), "0", "its only thread has ended");
    assert_eq!(said.all("woken"), ["1"]);
    assert_eq!(said.all("next"), ["1"]);
    assert_eq!(said.one("gates_shutdown"), "0");
}

/// It makes no threads, so the caller's own boots.
#[test]
fn in_a_quiet_library_it_is_called_at_once() {
    let host = load(&fixture("hush").library(), "call hush_when threads");
    let said = Said::of(&host.run());
    assert_eq!(said.one("hush_when"), "7");
    assert_eq!(said.one("threads"), "1");
}

/// The thread that calls the closures is late: the boot that it has waited for is over, and the next is under way. It is
/// one of the library's own, whose calls a boot may wait for. On a busy machine it may find neither boot but the
/// shutdown, which is asked for again.
#[test]
fn one_whose_thread_is_late_waits_for_the_next_boot() {
    let steps = "call1 gates_closures 1 call gates_open until gates_state 3 until gates_shut_down_now 0 \
                 call gates_close call gates_start until gates_state 2 sleep 700 call gates_open until gates_told 1";
    let said = lazy("closed", steps);
    let told = said.one("told");
    let ok = ["1 elsewhere", "2 elsewhere", "-7 elsewhere"];
    assert!(ok.contains(&told), "a generation, or STOPPED: {told}");
}

/// So does one that comes after another has kept that thread.
#[test]
fn one_that_is_late_waits_for_the_next_boot() {
    let steps = "call gates_closure_stays call1 gates_closures 1 call gates_open until gates_told 1 \
                 until gates_shut_down_now 0 call gates_close call gates_start until gates_state 2 \
                 call gates_let_closure_go sleep 200 call gates_open until gates_told 2";
    let said = lazy("closed", steps);
    assert_eq!(said.one("told"), "2 elsewhere");
}
