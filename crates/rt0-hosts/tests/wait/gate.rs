//! Many callers at the gate, waits with a deadline, and calls that would deadlock.

use rt0_hosts::cc;
use rt0_hosts::fixture::fixture;
use rt0_hosts::steps::{Said, load};
use rt0_hosts::watchdog::Host;

#[test]
fn threads_at_gate() {
    let steps = "many 64 probe_boots call probe_generation take probe_report probe_free";
    let host = load(&fixture("probe").library(), steps);
    let said = Said::of(&host.env("PROBE_BOOT", "sleep:200").run());
    assert_eq!(said.all("many probe_boots"), ["1 x 64"]);
    assert_eq!(said.one("probe_generation"), "1");
    assert!(said.one("probe_report").contains("\"generation\":1,"));
}

/// Here the callers race for the boot itself.
#[test]
fn threads_at_a_cold_gate() {
    let library = fixture("probe").library();
    for _ in 0..20 {
        let steps = "many 64 probe_boots call probe_generation named 2 probe- threads";
        let host = load(&library, steps)
            .env("RT0_START", "lazy")
            .env("RT0_WORKERS", "2");
        let said = Said::of(&host.run());
        assert_eq!(said.all("many probe_boots"), ["1 x 64"]);
        assert_eq!(said.one("probe_generation"), "1");
        // The host's own, one boot thread, two workers.
        assert_eq!(said.one("threads"), "4", "{}", said.text());
    }
}

#[test]
fn wait_asks_waits_and_waits_for_ever() {
    let steps = "call1 probe_wait 0 text probe_last_error begin1 probe_wait 50 end \
                 call1 probe_wait -1 call1 probe_wait 0 call probe_ping";
    let host = load(&fixture("probe").library(), steps);
    let said = Said::of(&host.env("PROBE_BOOT", "sleep:1000").run());
    assert_eq!(said.all("probe_wait"), ["-1", "-1", "0", "0"]);
    let text = said.one("probe_last_error");
    assert!(
        text.starts_with("probe") && text.contains("was not ready before the deadline"),
        "{text}"
    );
    assert_eq!(said.one("probe_ping"), "1");
}

/// `wait = "3s"` in the library's init. The call comes from another thread than the load: the loading
/// thread may have to boot itself.
#[test]
fn the_librarys_own_deadline() {
    let steps = "begin calm_open end call1 calm_wait 20000 call calm_open";
    let host = load(&fixture("calm").library(), steps);
    let said = Said::of(&host.env("CALM_SLEEP", "8000").run());
    assert_eq!(said.all("calm_open"), ["-1", "1"]);
    // Long before the boot was over.
    assert!(said.micros("calm_open") < 7_000_000, "{}", said.text());
    assert_eq!(said.one("calm_wait"), "0");
}

#[test]
fn a_call_from_init_is_answered() {
    for script in ["call", "call-worker", "call-blocking"] {
        let host = load(&fixture("probe").library(), "call probe_noted");
        let said = Said::of(&host.env("PROBE_BOOT", script).run());
        assert_eq!(said.one("probe_noted"), "-4", "{script}: CALLED_FROM_BOOT");
        // At once, not after the deadline of 30 s.
        assert!(said.micros("probe_noted") < 10_000_000, "{}", said.text());
    }
}

#[test]
fn a_shutdown_from_init_is_answered() {
    let host = load(
        &fixture("probe").library(),
        "call probe_noted call probe_ping",
    );
    let said = Said::of(&host.env("PROBE_BOOT", "shutdown").run());
    assert_eq!(said.one("probe_noted"), "-5", "WOULD_DEADLOCK");
    assert_eq!(said.one("probe_ping"), "1");
}

/// A library with a global object whose constructor calls our library, inside the same `dlopen`.
#[test]
fn a_call_from_a_constructor_of_another_library() {
    let probe = fixture("probe");
    let linked = probe.linked();
    let global = cc::library_over(&probe, cc::cpp, "wait/global.cpp");
    let said = Said::of(&load(&global, "call global_answer call global_boots").run());
    assert_eq!(said.one("global_answer"), "1");
    assert_eq!(said.one("global_boots"), "1");

    // The same with a program that is linked with both.
    let host = cc::c(
        "steps.c",
        &[
            "-Wl,--no-as-needed",
            &global,
            linked[1].as_str(),
            linked[2].as_str(),
        ],
    );
    let steps = ["call", "global_answer", "call", "probe_boots"];
    let said = Said::of(&Host::new(host).args(steps).run());
    assert_eq!(said.one("global_answer"), "1");
    assert_eq!(said.one("probe_boots"), "1");
}

/// Inside that `dlopen` our start-up can't finish, so a shutdown would deadlock.
#[test]
fn a_shutdown_from_a_constructor_of_another_library() {
    let ends = cc::library_over(&fixture("probe"), cc::c, "wait/ends.c");
    let steps = "call ends_answer call probe_ping call1 probe_shutdown 20000 call probe_state";
    let said = Said::of(&load(&ends, steps).run());
    assert_eq!(said.one("ends_answer"), "-5", "WOULD_DEADLOCK");
    assert!(said.micros("load") < 10_000_000, "{}", said.text());
    assert_eq!(said.one("probe_ping"), "1");
    assert_eq!(said.one("probe_shutdown"), "0");
    assert_eq!(said.one("probe_state"), "0");
}

/// Only -1 means forever: other negative numbers, which have a meaning in other interfaces, are refused.
#[test]
fn a_time_that_is_none_is_an_invalid_argument() {
    let steps = "call1 probe_wait -2 text probe_last_error call1 probe_shutdown -2147483648 \
                 call1 probe_wait -1 call1 probe_wait -2 call1 probe_shutdown -2 call probe_generation";
    let said = Said::of(&load(&fixture("probe").library(), steps).run());
    assert_eq!(said.all("probe_wait"), ["-8", "0", "-8"], "{}", said.text());
    assert_eq!(said.all("probe_shutdown"), ["-8", "-8"], "{}", said.text());
    let text = said.one("probe_last_error");
    assert!(text.starts_with("wait: timeout_ms is not valid"), "{text}");
    assert_eq!(said.one("probe_generation"), "1", "{}", said.text());
}
