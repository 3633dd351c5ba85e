//! Async code that waits for the boot: no thread of the host's waits.

use rt0_hosts::fixture::fixture;
use rt0_hosts::steps::{Said, load, opening};
use rt0_hosts::watchdog::Host;

fn host(script: &str, steps: &str) -> Host {
    let host = load(&fixture("gates").library(), steps);
    host.env("GATES_BOOT", script).env("RT0_WORKERS", "2")
}

fn lazy(script: &str, steps: &str) -> Said {
    Said::of(&host(script, steps).env("RT0_START", "lazy").run())
}

#[test]
fn a_future_begins_the_boot_elsewhere() {
    let said = lazy(
        "",
        "many 16 gates_async call gates_booted_apart call gates_generation",
    );
    assert_eq!(said.all("many gates_async"), ["7 x 16"]);
    assert_eq!(said.one("gates_booted_apart"), "1");
    assert_eq!(said.one("gates_generation"), "1");
}

/// A hundred futures on one thread, and one thread of the library's that waits for all.
#[test]
fn a_thread_with_many_futures_is_not_blocked() {
    for start in ["load", "lazy"] {
        let host = host("closed", "call1 gates_crowd 100 until gates_waiting 0");
        let said = Said::of(&host.env("RT0_START", start).run());
        assert_eq!(said.one("gates_crowd"), "100", "{start}");
    }
}

#[test]
fn a_failed_boot_and_a_retry_are_those_of_a_call() {
    let said = lazy("fail", "many 16 gates_async call gates_async");
    assert_eq!(said.all("many gates_async"), ["-2 x 16"], "BOOT_FAILED");
    assert_eq!(said.one("gates_async"), "-2");
    let host = host(
        "fail-once",
        "call gates_async call gates_async call gates_generation",
    )
    .env("RT0_START", "lazy")
    .env("RT0_RETRY", "on-call")
    .env("RT0_RETRY_PAUSE", "0");
    let said = Said::of(&host.run());
    assert_eq!(said.all("gates_async"), ["-2", "7"]);
    assert_eq!(said.one("gates_generation"), "2");
}

#[test]
fn a_future_waits_as_long_as_a_call_does() {
    let said = lazy(
        "sleep:9000",
        "call gates_async call1 gates_wait 20000 call gates_async",
    );
    assert_eq!(said.all("gates_async"), ["-1", "7"], "NOT_READY");
    assert_eq!(said.one("gates_wait"), "0");
}

#[test]
fn a_future_that_is_dropped_leaves_nothing() {
    let said = lazy(
        "sleep:500",
        "call gates_cancelled call gates_async call1 gates_shutdown -1",
    );
    assert_eq!(said.one("gates_cancelled"), "1");
    assert_eq!(said.one("gates_async"), "7");
    assert_eq!(said.one("gates_shutdown"), "0");
}

#[test]
fn a_future_in_init_is_answered() {
    let said = lazy("async", "call gates_noted");
    assert_eq!(said.one("gates_noted"), "-4", "CALLED_FROM_BOOT");
}

/// The thread that waits for such a future learns of the boot only when the shutdown could long be over.
#[test]
fn nobody_boots_after_a_shutdown_for_a_future_that_was_dropped() {
    let steps = "call gates_begin named 1 gates-boot hold gates-wait 2000 call gates_leave \
                 call gates_open call1 gates_shutdown -1 held alone";
    let said = lazy("closed", steps);
    assert_eq!(said.one("gates_leave"), "1");
    assert_eq!(said.one("gates_shutdown"), "0");
    assert_eq!(said.one("held"), "1");
    assert_eq!(said.one("alone"), "1");
}

/// It learns of it when the shutdown has waited long enough for it.
#[test]
fn nor_after_one_that_did_not_wait_so_long() {
    let steps = "call gates_begin named 1 gates-boot hold gates-wait 4500 call gates_leave \
                 call gates_open call1 gates_shutdown 3000 alone";
    let said = lazy("closed", steps);
    assert_eq!(said.one("gates_shutdown"), "0");
    assert_eq!(said.one("alone"), "1");
}

/// The library's threads have open what the host's thread has that polled the future, and so has the one that wakes.
#[test]
fn the_hosts_collector_can_stop_the_threads_of_a_library_that_a_future_has_started() {
    const SIGPWR: u32 = 30;
    let steps = "call gates_begin_loudly named 2 gates- call1 gates_wait 20000 threads \
                 call1 gates_shutdown -1";
    let host = Host::compiled(opening())
        .args(["catch", &SIGPWR.to_string(), "load"])
        .arg(fixture("gates").library())
        .args(steps.split_whitespace())
        .env("RT0_START", "lazy")
        .env("RT0_WORKERS", "2");
    let said = Said::of(&host.run());
    let mut seen = 0;
    for thread in [said.all("thread"), said.all("woken")].concat() {
        let (name, mask) = thread.split_once(' ').expect("a name and a mask");
        // It has ended, or is about to.
        if name == "gates-wait" {
            continue;
        }
        let mask = u64::from_str_radix(mask, 16).expect("a mask");
        assert_eq!(mask >> (SIGPWR - 1) & 1, 0, "{name}\n{}", said.text());
        seen += 1;
    }
    assert!(
        seen >= 4,
        "main, two workers and the waker\n{}",
        said.text()
    );
}

/// The clone of its waker drops another one.
#[test]
fn a_waker_may_use_other_futures() {
    let said = lazy("sleep:500", "call gates_entwined call gates_async");
    assert_eq!(said.one("gates_entwined"), "1");
    assert_eq!(said.one("gates_async"), "7");
}

/// It makes no threads, so the caller's own boots.
#[test]
fn in_a_quiet_library_a_future_boots_on_its_thread() {
    let host = load(&fixture("hush").library(), "call hush_awaits threads");
    let said = Said::of(&host.run());
    assert_eq!(said.one("hush_awaits"), "7");
    assert_eq!(said.one("threads"), "1");
}

/// The future's waker takes half a second.
#[test]
fn a_shutdown_ends_when_all_are_awake() {
    let steps = "call gates_begin_slowly call gates_open call1 gates_shutdown -1 call gates_awake";
    let said = Said::of(&host("closed", steps).run());
    assert_eq!(said.one("gates_begin_slowly"), "1");
    assert_eq!(said.one("gates_shutdown"), "0");
    assert_eq!(said.one("gates_awake"), "1");
}

/// Calls of this library wait for a shutdown to end, and boot again. So does a future, but this one is
/// dropped before the end.
#[test]
fn nothing_boots_after_a_shutdown_for_a_future_that_is_gone() {
    let steps = "call hush_dooms call1 hush_shutdown -1 sleep 300 call1 hush_wait 0";
    let host = load(&fixture("hush").library(), steps);
    let said = Said::of(&host.env("RT0_START", "load").run());
    assert_eq!(said.one("hush_dooms"), "7");
    assert_eq!(said.one("hush_shutdown"), "0");
    assert_eq!(said.one("hush_wait"), "-1", "NOT_READY: {}", said.text());
}

/// The boot goes on when the exit has begun.
#[test]
fn nobody_is_woken_while_the_process_exits() {
    let steps = "call gates_begin_loudly until gates_waiting 1 until gates_state 2 begin gates_opens_at_exit exit 6";
    let host = host("closed", steps).env("RT0_EXIT_TIMEOUT", "20000");
    let host = host.env("GATES_LOUD", "1").env("GATES_LINGERS", "1");
    let said = Said::from(&host.run(), 6);
    assert_eq!(said.one("gates_begin_loudly"), "1");
    assert_eq!(said.one("opened"), "1");
    assert_eq!(said.one("dropped"), "1");
    assert!(said.all("woken").is_empty(), "{}", said.text());
}

/// The parent's future is polled in both.
#[test]
fn a_future_in_a_forks_child_waits_for_the_childs_own_generation() {
    let steps = "call gates_begin until gates_closed 1 until gates_waiting 1 fork call gates_open call gates_finish \
                 call gates_async join call gates_open call gates_finish";
    let host = host("closed", steps);
    let said = Said::of(&host.run());
    assert_eq!(said.one("gates_begin"), "1");
    let text = said.text();
    assert!(text.contains("child gates_finish = 2"), "{text}");
    assert!(text.contains("child gates_async = 7"), "{text}");
    assert_eq!(said.one("gates_finish"), "1", "{text}");
}
