//! Start-ups and calls that fail: every host gets a code and a text, and survives.

use rt0_hosts::cc;
use rt0_hosts::fixture::fixture;
use rt0_hosts::python;
use rt0_hosts::require::skipped;
use rt0_hosts::steps::{Said, load};
use rt0_hosts::watchdog::Host;

const FAILS: &str = "fails probe_fail probe_free text probe_last_error call probe_ping \
                     text probe_last_error call probe_generation text probe_last_error \
                     call1 probe_wait -1 text probe_last_error string probe_args probe_free \
                     call probe_state take probe_report probe_free exit 5";

/// Checks what every call returns when init fails with these words.
fn check_failed_init(script: &str, words: &[&str]) {
    let host = load(&fixture("probe").library(), FAILS);
    let said = Said::from(&host.env("PROBE_BOOT", script).run(), 5);
    let with_words = |text: &str| {
        for word in words.iter().chain(&["probe: start-up failed: "]) {
            assert!(text.contains(word), "`{word}` is missing\n{}", said.text());
        }
    };
    let fail = said.one("probe_fail");
    assert!(fail.starts_with("-2 probe"), "BOOT_FAILED: {fail}");
    with_words(fail);
    let args = said.one("probe_args");
    assert!(args.starts_with("error -2 probe"), "{args}");
    with_words(args);
    assert_eq!(said.one("probe_ping"), "-1");
    assert_eq!(said.one("probe_generation"), "-1");
    assert_eq!(said.one("probe_wait"), "-2");
    assert_eq!(said.all("probe_last_error").len(), 4);
    said.all("probe_last_error")
        .into_iter()
        .for_each(with_words);
    assert_eq!(said.one("probe_state"), "4", "FAILED");
    with_words(
        &said
            .one("probe_report")
            .replace("\"error\":\"", "probe: start-up failed: "),
    );
}

#[test]
fn init_error() {
    check_failed_init("error:the index is gone", &["the index is gone"]);
}

#[test]
fn init_panic() {
    check_failed_init(
        "panic:the index is gone",
        &["panicked at ", "script.rs:", ": the index is gone"],
    );
}

#[test]
fn init_error_and_panic_from_python() {
    let Some(python) = python() else {
        return skipped("init_error_and_panic_from_python", "there is no python3");
    };
    for (script, place) in [("error:it is gone", ""), ("panic:it is gone", "script.rs:")] {
        let host = Host::new(&python)
            .arg(rt0_hosts::source("wait/fails.py"))
            .args([fixture("probe").library()])
            .env("PROBE_BOOT", script);
        let stdout = host.run().exits(6);
        let lines: Vec<_> = stdout.lines().collect();
        let [code, text, last, other] = lines[..] else {
            panic!("{stdout}");
        };
        assert_eq!((code, other), ("-2", "-1"), "{stdout}");
        assert!(text.starts_with("probe: start-up failed: "), "{text}");
        assert!(
            text.contains(place) && text.ends_with("it is gone"),
            "{text}"
        );
        assert_eq!(text, last);
    }
}

#[test]
fn a_failed_boot_can_be_had_again() {
    let steps = "fails probe_fail probe_free call1 probe_shutdown 5000 call probe_state \
                 call probe_ping call probe_generation";
    let host = load(&fixture("probe").library(), steps);
    let said = Said::of(&host.env("PROBE_BOOT", "first-error:not today").run());
    assert_eq!(
        said.one("probe_fail"),
        "-2 probe: start-up failed: not today"
    );
    assert_eq!(said.one("probe_shutdown"), "0");
    assert_eq!(said.one("probe_state"), "0");
    assert_eq!(said.one("probe_ping"), "1");
    assert_eq!(said.one("probe_generation"), "2");
}

/// A shutdown that is called off, because calls are inside, leaves a failed library failed.
#[test]
fn a_failed_boot_is_never_ready() {
    let host = Host::new(cc::linked("wait/restless.c", &fixture("probe")));
    let ran = host
        .env("PROBE_BOOT", "error:no luck")
        .env("RT0_WORKERS", "1")
        .run();
    assert_eq!(ran.ok(), "");
}

/// Nothing waits for tasks that a failed init has left running.
#[test]
fn init_error_with_a_task_that_still_runs() {
    let steps = "call1 probe_wait 15000 text probe_last_error call probe_state exit 5";
    let host = load(&fixture("probe").library(), steps);
    let script = "busy-task:40000;error:no luck";
    let said = Said::from(&host.env("PROBE_BOOT", script).run(), 5);
    assert_eq!(said.one("probe_wait"), "-2", "BOOT_FAILED");
    assert!(said.micros("probe_wait") < 10_000_000, "{}", said.text());
    assert_eq!(
        said.one("probe_last_error"),
        "probe: start-up failed: no luck"
    );
    assert_eq!(said.one("probe_state"), "4", "FAILED");
}

#[test]
fn panics_and_codes_of_calls() {
    let steps = "fails probe_fail probe_free fails probe_fail_plainly probe_free \
                 fails probe_panics probe_free call probe_panics_or text probe_last_error \
                 call probe_panics_oddly text probe_last_error \
                 string probe_task_panics probe_free call probe_ping exit 4";
    let said = Said::from(&load(&fixture("probe").library(), steps).run(), 4);
    assert_eq!(said.one("probe_fail"), "1 it did not work");
    assert_eq!(said.one("probe_fail_plainly"), "1 no number");
    let text = said.one("probe_panics");
    assert!(
        text.starts_with("-3 probe") && text.contains("calls.rs:"),
        "{text}"
    );
    assert!(text.ends_with("the call has panicked"), "{text}");
    assert_eq!(said.one("probe_panics_or"), "-7");
    assert_eq!(said.one("probe_panics_oddly"), "-8");
    let [silent, odd] = said.all("probe_last_error")[..] else {
        panic!("{}", said.text());
    };
    assert!(
        silent.contains("calls.rs:") && silent.ends_with("the silent call has panicked"),
        "{silent}"
    );
    assert!(odd.contains("not text"), "{odd}");
    assert!(
        said.one("probe_task_panics")
            .contains("the task has panicked"),
        "{}",
        said.text()
    );
    assert_eq!(said.one("probe_ping"), "1");
}

#[test]
fn or_abort_ends_the_process() {
    let ran = load(
        &fixture("probe").library(),
        "call probe_ping call probe_panics_abort",
    )
    .run();
    assert_eq!(ran.signal(), Some(6), "{ran}");
    assert!(ran.stderr.is_empty(), "{ran}");
    let stdout = String::from_utf8_lossy(&ran.stdout);
    assert!(
        stdout.contains("probe_ping = 1") && !stdout.contains("panics_abort"),
        "{ran}"
    );
}

/// There is no value to return: the process ends with the reason.
#[test]
fn an_or_that_panics_is_named() {
    let steps = "call probe_ping call probe_or_panics";
    let ran = load(&fixture("probe").library(), steps).run();
    assert_eq!(ran.signal(), Some(6), "{ran}");
    let stderr = String::from_utf8_lossy(&ran.stderr);
    for part in [
        "probe_or_panics: the call failed",
        "the call has panicked first",
        "`or` panicked at ",
        "calls.rs:",
        "there is no value either",
    ] {
        assert!(stderr.contains(part), "no `{part}`: {ran}");
    }
    assert_eq!(stderr.lines().count(), 1, "{ran}");
}

#[test]
fn panics_are_printed_when_asked_for() {
    let library = fixture("probe").library();
    let ran = load(&library, "fails probe_panics probe_free")
        .env("RT0_PANIC", "print")
        .run();
    let stderr = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{ran}");
    assert!(
        stderr.contains("calls.rs:") && stderr.contains("the call has panicked"),
        "{ran}"
    );
    let ran = load(&library, "call probe_ping")
        .env("RT0_PANIC", "print")
        .env("PROBE_BOOT", "panic:loud")
        .run();
    assert!(
        String::from_utf8_lossy(&ran.stderr).contains("loud"),
        "{ran}"
    );
    let ran = load(&library, "fails probe_panics probe_free")
        .env("RT0_PANIC", "silent")
        .run();
    assert!(ran.stderr.is_empty(), "{ran}");
}
