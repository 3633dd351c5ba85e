//! A boot that failed for a temporary reason: the next call tries again, if the author or the host wants
//! that.

use std::time::Duration;

use rt0_hosts::cc;
use rt0_hosts::fixture::fixture;
use rt0_hosts::steps::{Said, load};
use rt0_hosts::watchdog::Host;

/// A lazy library, so that the test knows which call begins which boot.
fn run(script: &str, pause_ms: &str, steps: &str) -> Said {
    let host = load(&fixture("probe").library(), steps)
        .env("RT0_START", "lazy")
        .env("RT0_WORKERS", "1")
        .env("RT0_RETRY", "on-call")
        .env("RT0_RETRY_PAUSE", pause_ms)
        .env("PROBE_BOOT", script)
        .limit(Duration::from_secs(30));
    Said::of(&host.run())
}

#[test]
fn a_boot_that_failed_once_serves_afterwards() {
    let steps = "fails probe_fail probe_free call probe_state call probe_generation call probe_boots \
                 take probe_report probe_free until probe_mains 1 call1 probe_shutdown 20000 alone";
    for (script, words) in [
        ("first-error:not today", ": start-up failed: not today"),
        ("first-panic:not today", ": not today"),
    ] {
        let said = run(script, "0", steps);
        let text = said.one("probe_fail");
        assert!(
            text.starts_with("-2 probe: start-up failed: ") && text.contains(words),
            "{text}"
        );
        assert!(text.ends_with(" (the next call tries again)"), "{text}");
        assert_eq!(said.one("probe_state"), "4", "FAILED");
        assert_eq!(said.one("probe_generation"), "2");
        assert_eq!(said.one("probe_boots"), "2");
        let report = said.one("probe_report");
        assert!(report.contains("\"retry\":\"on-call\""), "{report}");
        assert_eq!(said.one("probe_shutdown"), "0");
        assert_eq!(said.one("alone"), "1", "nothing of the failed boot is left");
    }
}

/// The load began the boot on a thread that is still held up in the loader when a call has already booted in
/// its place and failed. The next call waits a little for that thread.
#[test]
fn a_boot_thread_that_comes_late_is_waited_for() {
    let host = Host::new(cc::c("wait/late.c", &["-rdynamic"]))
        .arg(fixture("probe").library())
        .env("RT0_WORKERS", "1")
        .env("RT0_RETRY", "on-call")
        .env("RT0_RETRY_PAUSE", "0")
        .env("PROBE_BOOT", "first-error:not today")
        .limit(Duration::from_secs(30));
    let said = Said::of(&host.run());
    assert_eq!(said.one("first"), "-2", "{}", said.text());
    assert_eq!(said.one("later"), "1", "{}", said.text());
    assert_eq!(said.one("held"), "1", "the boot thread was not late");
}

#[test]
fn waiting_and_a_host_that_only_asks() {
    let steps = "fails probe_fail probe_free call1 probe_wait 0 call probe_state \
                 call1 probe_wait 20000 call probe_generation";
    let said = run("first-error:not today", "0", steps);
    assert_eq!(
        said.all("probe_wait"),
        ["-2", "0"],
        "who asks begins nothing"
    );
    assert_eq!(said.one("probe_state"), "4", "FAILED");
    assert_eq!(said.one("probe_generation"), "2");
}

#[test]
fn until_the_pause_is_over_calls_get_the_error_at_once() {
    let day = "86400000";
    let steps = "fails probe_fail probe_free fails probe_fail probe_free call probe_ping \
                 text probe_last_error call1 probe_wait 20000 take probe_report probe_free";
    let said = run("first-error:not today", day, steps);
    for text in said.all("probe_fail") {
        let (_, after) = text
            .split_once("not today (the next call after ")
            .expect(text);
        let left = after.strip_suffix(" ms tries again)").expect(text);
        let left: u32 = left.parse().expect("a number");
        assert!((86_000_000..=86_400_000).contains(&left), "{text}");
    }
    assert_eq!(said.one("probe_ping"), "-1");
    assert!(said.one("probe_last_error").contains(" ms tries again)"));
    assert_eq!(said.one("probe_wait"), "-2");
    let report = said.one("probe_report");
    assert!(report.contains("\"generation\":1,"), "{report}");
}

#[test]
fn after_the_pause_a_call_tries_again() {
    let steps = "fails probe_fail probe_free sleep 600 call probe_generation";
    let said = run("first-error:not today", "500", steps);
    let text = said.one("probe_fail");
    assert!(text.contains("(the next call after "), "{text}");
    assert_eq!(said.one("probe_generation"), "2");
}

#[test]
fn of_many_callers_one_boots_and_the_others_wait() {
    let steps = "call probe_ping many 32 probe_ping call probe_boots call probe_generation";
    let said = run("errors:1;sleep:300", "0", steps);
    assert_eq!(said.one("probe_ping"), "-1");
    assert_eq!(said.one("many probe_ping"), "1 x 32");
    assert_eq!(said.one("probe_boots"), "2");
    assert_eq!(said.one("probe_generation"), "2");
}

/// They do not begin one boot after the other.
#[test]
fn many_callers_that_wait_for_a_boot_get_its_error() {
    let steps = "call probe_ping many 32 probe_ping call probe_generation";
    let said = run("sleep:1500;errors:2", "0", steps);
    assert_eq!(said.one("probe_ping"), "-1");
    assert_eq!(said.one("many probe_ping"), "-1 x 32");
    assert_eq!(said.one("probe_generation"), "3");
}

#[test]
fn waiting_for_the_next_boot_ends_with_the_deadline() {
    let steps = "call probe_ping begin probe_ping until probe_state 2 call1 probe_wait 50 end \
                 call probe_boots";
    let said = run("errors:1;sleep:2000", "0", steps);
    assert_eq!(said.one("probe_wait"), "-1", "NOT_READY");
    assert_eq!(said.all("probe_ping"), ["-1", "1"]);
    assert_eq!(said.one("probe_boots"), "2");
}

/// A shutdown in the middle ends what the retry has booted.
#[test]
fn a_shutdown_waits_for_the_next_boot() {
    let steps = "call probe_ping begin probe_ping until probe_state 2 call1 probe_shutdown 20000 end \
                 call probe_state call probe_generation call probe_ended";
    let said = run("errors:1;sleep:500", "0", steps);
    assert_eq!(said.one("probe_shutdown"), "0");
    assert_eq!(said.one("probe_generation"), "3");
    let served = said.all("probe_ping")[1];
    assert!(["1", "-1"].contains(&served), "{}", said.text());
}

/// A thread of the failed generation gets the error, and boots nothing.
#[test]
fn the_librarys_own_threads_never_try_again() {
    let steps = "call probe_ping sleep 1000 call probe_late call probe_boots";
    let said = run("late-call;errors:1", "0", steps);
    // The call that waited for that boot has its error: the library is FAILED until the next call.
    assert_eq!(said.one("probe_ping"), "-1");
    assert_eq!(said.one("probe_late"), "-2", "BOOT_FAILED");
    assert_eq!(said.one("probe_boots"), "2");
}

/// Without a boot, nothing is tried again in a fork's child: it boots for itself.
#[test]
fn a_forks_child_boots_for_itself() {
    let steps = "call probe_ping fork call probe_generation call probe_boots join \
                 call probe_generation";
    let said = run("first-error:not today", "86400000", steps);
    assert_eq!(said.one("child probe_generation"), "2");
    assert_eq!(said.one("child probe_boots"), "2");
    assert_eq!(said.one("probe_generation"), "-1");
}

/// Generation after generation, with failures in between: nothing accumulates.
#[test]
fn many_failed_boots_leave_nothing_behind() {
    let steps = format!(
        "{} alone files until probe_ping 1 call probe_generation",
        "call probe_ping ".repeat(50)
    );
    let said = run("errors:50", "0", &steps);
    assert_eq!(said.all("probe_ping"), ["-1"; 50]);
    assert_eq!(said.one("alone"), "1");
    assert_eq!(said.all("file").len(), 0, "{}", said.text());
    // A call that comes while the loader holds up the boot thread gets the error again, and begins nothing.
    assert_eq!(said.one("probe_generation"), "51");
}

/// The author's choice, and the host's setting, which overrides it.
#[test]
fn the_authors_choice_and_the_hosts() {
    let steps = "fails hush_fail hush_free fails hush_fail hush_free";
    let run = |retry: Option<&str>| {
        let mut host = load(&fixture("hush").library(), steps).env("HUSH_ERRORS", "1");
        if let Some(retry) = retry {
            host = host.env("RT0_RETRY_HUSH", retry);
        }
        Said::of(&host.run())
    };
    let said = run(None);
    let again = "-2 hush: start-up failed: boot 1 (the next call tries again)";
    assert_eq!(said.all("hush_fail"), [again, "1 of generation 2"]);
    let said = run(Some("never"));
    assert_eq!(
        said.all("hush_fail"),
        ["-2 hush: start-up failed: boot 1"; 2]
    );
}

/// Even if another caller's retry clears the error while they are about to read it.
#[test]
fn whoever_gets_the_error_gets_its_text() {
    let steps = "crowd 8 50 hush_fail hush_free boot";
    for start in ["quiet", "lazy"] {
        let host = load(&fixture("hush").library(), steps)
            .env("RT0_START", start)
            .env("HUSH_ERRORS", "1000000")
            .limit(Duration::from_secs(30));
        let said = Said::of(&host.run());
        let all = "400 with boot, without: none";
        assert_eq!(said.one("crowd hush_fail"), all, "{start}");
    }
}
