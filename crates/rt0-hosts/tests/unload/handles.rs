//! Handles, guards and calls that need the runtime, up to a generation's end.

use rt0_hosts::cc;
use rt0_hosts::fixture::fixture;
use rt0_hosts::steps::{Said, load};
use rt0_hosts::watchdog::Host;

/// Runs `hosts/unload/handles.c`, which prints what is wrong.
#[track_caller]
fn nothing_is_wrong(what: &str) {
    let host = cc::linked("unload/handles.c", &fixture("probe"));
    let host = Host::compiled(host).arg(what);
    assert_eq!(host.env("RT0_WORKERS", "2").run().ok(), "");
}

#[test]
fn destructors_of_handles_have_the_runtime() {
    nothing_is_wrong("needy");
}

/// Neither in another generation nor in a fork's child.
#[test]
fn a_handles_number_is_never_given_again() {
    nothing_is_wrong("numbers");
}

#[test]
fn a_handle_outlives_a_shutdown_that_is_called_off() {
    nothing_is_wrong("called-off");
}

/// The shutdown joins main anyway, so it need not wait for main's guard.
#[test]
fn a_guard_that_main_holds_does_not_hold_a_shutdown_up() {
    let steps =
        "until probe_mains 1 call1 probe_shutdown 20000 call probe_ended call probe_generation";
    let host = load(&fixture("probe").library(), steps).env("PROBE_BOOT", "main-guards");
    let said = Said::of(&host.run());
    assert_eq!(said.one("probe_shutdown"), "0");
    assert_eq!(said.one("probe_ended"), "111");
    assert_eq!(said.one("probe_generation"), "2");
}

/// A call that blocks on the runtime counts as inside, even if it does not use the state.
#[test]
fn a_call_that_blocks_on_the_runtime_holds_a_shutdown_up() {
    let steps = "call probe_ping begin1 probe_stay_blocked 5000 until probe_inside 1 \
                 call1 probe_shutdown 100 text probe_last_error call probe_state \
                 call1 probe_shutdown 20000 end";
    let said = Said::of(&load(&fixture("probe").library(), steps).run());
    assert_eq!(said.all("probe_shutdown"), ["-15", "0"], "TIMED_OUT");
    let text = said.one("probe_last_error");
    assert!(text.contains("1 thread(s) are still inside"), "{text}");
    assert_eq!(said.one("probe_state"), "3", "the library goes on");
    assert_eq!(said.one("probe_stay_blocked"), "5000");
}
