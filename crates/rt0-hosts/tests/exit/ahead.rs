//! Hosts with a virtual machine that ends before the process does: `rt0::end`.

use std::time::{Duration, Instant};

use rt0_hosts::fixture::fixture;
use rt0_hosts::steps::{Said, load};
use rt0_hosts::watchdog::Host;

const STOPPED: &str = "-7";
const TIMED_OUT: &str = "-15";
const WOULD_DEADLOCK: &str = "-5";

fn host(steps: &str) -> Host {
    load(&fixture("gates").library(), steps).env("RT0_WORKERS", "2")
}

#[test]
fn a_library_that_has_ended_for_good_does_not_boot_again() {
    let steps = "call gates_with call1 gates_end 60000 call gates_with call gates_dropped call1 gates_wait 0 \
                 call1 gates_end 0 call1 gates_shutdown 0 exit 5";
    let said = Said::from(&host(steps).run(), 5);
    assert_eq!(said.all("gates_end"), ["0", "0"]);
    assert_eq!(said.all("gates_with"), ["7", STOPPED]);
    assert_eq!(said.one("gates_dropped"), "1");
    assert_eq!(said.one("gates_wait"), STOPPED);
    assert_eq!(said.one("gates_shutdown"), "0");
}

/// A thread of the host never leaves its call. The exit of the process would wait half a minute for it.
#[test]
fn the_exit_does_not_wait_for_what_the_end_has_waited_for() {
    let steps = "begin gates_stay until gates_staying 1 call1 gates_end 100 call gates_with call gates_dropped exit 5";
    let begun = Instant::now();
    let said = Said::from(&host(steps).env("RT0_EXIT_TIMEOUT", "60000").run(), 5);
    assert_eq!(said.one("gates_end"), TIMED_OUT);
    assert_eq!(said.one("gates_with"), STOPPED);
    assert_eq!(said.one("gates_dropped"), "0");
    let time = begun.elapsed();
    assert!(time < Duration::from_secs(29), "{time:?}");
}

#[test]
fn a_forks_child_boots_after_its_parents_end() {
    let steps =
        "call gates_with call1 gates_end 60000 fork call gates_with join call gates_with exit 5";
    let said = Said::from(&host(steps).run(), 5);
    assert_eq!(said.one("gates_end"), "0");
    assert_eq!(said.one("child gates_with"), "7");
    assert_eq!(said.all("gates_with"), ["7", STOPPED]);
}

#[test]
fn one_of_the_librarys_threads_can_not_end_it() {
    let said = Said::of(&host("call gates_end_there call gates_with").run());
    assert_eq!(said.one("gates_end_there"), WOULD_DEADLOCK);
    assert_eq!(said.one("gates_with"), "7");
}

/// It would go on with what the end has dropped.
#[test]
fn nor_can_a_thread_inside_a_call() {
    let said = Said::of(&host("call gates_end_inside call gates_with").run());
    assert_eq!(said.one("gates_end_inside"), WOULD_DEADLOCK);
    assert_eq!(said.one("gates_with"), "7");
}

/// Its boot takes longer than the end, and the end longer than a host waits for its hooks.
#[test]
fn who_waits_for_the_boot_is_told_of_the_end() {
    let steps =
        "begin gates_async named 1 gates-boot named 1 gates-wait call1 gates_end 100 end exit 5";
    let host = host(steps).env("RT0_START", "lazy");
    let said = Said::from(&host.env("GATES_BOOT", "sleep:9000").run(), 5);
    assert_eq!(said.one("gates_async"), STOPPED);
}

/// On the thread that ends the library.
#[test]
fn so_is_a_closure_that_waits_for_it() {
    let steps = "call1 gates_closures 2 until gates_waiting 1 until gates_closed 1 call1 gates_end 100 call gates_told \
                 call gates_open exit 5";
    let host = host(steps).env("RT0_START", "lazy");
    let said = Said::from(&host.env("GATES_BOOT", "closed").run(), 5);
    assert_eq!(said.one("gates_end"), TIMED_OUT);
    assert_eq!(said.one("gates_told"), "2");
    assert_eq!(said.all("told"), [&*format!("{STOPPED} here"); 2]);
}

/// Neither a call that has waited for it, nor a later one.
#[test]
fn a_boot_that_outlasts_the_end_lets_nobody_in() {
    let steps = "begin1 gates_wait -1 until gates_closed 1 call1 gates_end 100 call gates_open end \
                 call gates_with exit 5";
    let host = host(steps).env("RT0_START", "lazy");
    let said = Said::from(&host.env("GATES_BOOT", "closed").run(), 5);
    assert_eq!(said.one("gates_end"), TIMED_OUT);
    assert_eq!(said.one("gates_wait"), STOPPED);
    assert_eq!(said.one("gates_with"), STOPPED);
}
