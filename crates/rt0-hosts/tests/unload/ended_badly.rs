//! Generations that end badly: the error is reported, the host survives, and the next call boots again.

use rt0_hosts::fixture::fixture;
use rt0_hosts::steps::{Said, load};

/// The probe with this script, shut down with this timeout.
fn shut_down(script: &str, before: &str, patience: u32) -> Said {
    let steps = format!(
        "{before} call probe_ping call1 probe_shutdown {patience} text probe_last_error \
         call probe_state call probe_generation exit 6"
    );
    let host = load(&fixture("probe").library(), &steps);
    Said::from(&host.env("PROBE_BOOT", script).run(), 6)
}

/// `ENDED_BADLY`, with these words; and then the next generation.
#[track_caller]
fn check(said: &Said, words: &[&str]) {
    assert_eq!(
        said.one("probe_shutdown"),
        "-18",
        "ENDED_BADLY\n{}",
        said.text()
    );
    let text = said.one("probe_last_error");
    for word in words.iter().chain(&["probe", "shut down, but "]) {
        assert!(text.contains(word), "`{word}` is missing: {text}");
    }
    assert_eq!(said.one("probe_state"), "0", "COLD");
    assert_eq!(said.one("probe_generation"), "2");
}

#[test]
fn drops_that_panic() {
    let said = shut_down("drop-panics", "open probe_bomb open probe_bomb", 5000);
    assert_eq!(said.all("probe_bomb"), ["0", "0"]);
    let words = [
        "dropping a handle: ",
        "the handle would not go",
        "dropping its state: ",
        "the state would not go",
    ];
    check(&said, &words);
}

#[test]
fn exit_does_not_end() {
    for script in ["exit-hangs", "exit-blocks:8000"] {
        let said = shut_down(script, "", 300);
        check(&said, &["its exit: ", "in time"]);
        assert!(said.micros("probe_shutdown") < 3_000_000, "{}", said.text());
    }
}

/// Here the shutdown's own thread drives it.
#[test]
fn exit_does_not_end_on_the_boot_thread() {
    let steps = "call calm_open call1 calm_shutdown 300 text calm_last_error call calm_state \
                 call calm_open exit 6";
    let host = load(&fixture("calm").library(), steps);
    let said = Said::from(&host.env("CALM_EXIT", "hangs").run(), 6);
    assert_eq!(said.one("calm_shutdown"), "-18", "ENDED_BADLY");
    assert!(said.micros("calm_shutdown") < 3_000_000, "{}", said.text());
    let text = said.one("calm_last_error");
    assert!(
        text.starts_with("calm") && text.contains("its exit: ") && text.contains("in time"),
        "{text}"
    );
    assert_eq!(said.one("calm_state"), "0", "COLD");
    assert_eq!(said.all("calm_open"), ["1", "1"]);
}

#[test]
fn a_task_that_is_busy() {
    let said = shut_down("busy-task:8000", "", 300);
    check(&said, &["its runtime: 1 thread(s) are still busy"]);
    assert!(said.micros("probe_shutdown") < 3_000_000, "{}", said.text());
}
