//! Code that is inside and easily overlooked: if a shutdown missed it, safe code would outlive the state that
//! it borrows.

use std::time::Duration;

use rt0_hosts::fixture::fixture;
use rt0_hosts::steps::{Said, load};
use rt0_hosts::temporary::Temporary;
use rt0_hosts::watchdog::Host;

fn probe(script: &str, steps: &str) -> Host {
    load(&fixture("probe").library(), steps)
        .env("PROBE_BOOT", script)
        .limit(Duration::from_secs(30))
}

/// Main is still told to stop and joined, and everything but the state ends.
#[test]
fn what_main_has_leaked_keeps_its_state() {
    let steps = "until probe_lent 1 call1 probe_shutdown 20000 text probe_last_error call probe_state \
                 call probe_ended call probe_lent call probe_generation \
                 call1 probe_shutdown 20000";
    let said = Said::of(&probe("main-leaks", steps).run());
    assert_eq!(said.all("probe_shutdown"), ["-18", "0"], "ENDED_BADLY");
    let text = said.one("probe_last_error");
    assert!(
        text.starts_with("probe") && text.contains("leaked an rt0::Ready"),
        "{text}"
    );
    assert_eq!(said.one("probe_state"), "0");
    assert_eq!(said.one("probe_ended"), "110", "no state was dropped");
    assert_eq!(said.one("probe_lent"), "1", "it is read on");
    assert_eq!(said.one("probe_generation"), "2");
}

#[test]
fn what_a_task_on_the_boot_thread_has_leaked_keeps_its_state() {
    let steps = "fails calm_leak calm_free call1 calm_shutdown 20000 text calm_last_error \
                 call calm_state call calm_dropped";
    let host = load(&fixture("calm").library(), steps).limit(Duration::from_secs(30));
    let said = Said::of(&host.run());
    assert_eq!(said.one("calm_leak"), "0 (null)");
    assert_eq!(said.one("calm_shutdown"), "-18", "ENDED_BADLY");
    let text = said.one("calm_last_error");
    assert!(text.contains("leaked an rt0::Ready"), "{text}");
    assert_eq!(said.one("calm_state"), "0");
    assert_eq!(said.one("calm_dropped"), "0");
}

/// The author's exit runs, and main is told to stop; the state stays for code that runs until the process has
/// ended.
#[track_caller]
fn exits(name: &str, steps: &str) -> Said {
    let dir = Temporary::new(name);
    let exit = dir.path().join("exit");
    let main = dir.path().join("main");
    let script = format!(
        "exit-writes:{};main-writes:{}",
        exit.display(),
        main.display()
    );
    let host = probe(
        &script,
        &format!("call probe_ping until probe_mains 1 {steps}"),
    );
    let said = Said::from(&host.env("RT0_EXIT_TIMEOUT", "60000").run(), 5);
    let text_of = |file| std::fs::read_to_string(file).unwrap_or_default();
    assert_eq!(text_of(exit), "1", "exit has run");
    assert_eq!(text_of(main), "told");
    said
}

#[test]
fn an_exit_inside_a_call_leaves_the_state_to_the_threads_of_its_scope() {
    let said = exits("scoped", "call1 probe_exit_inside 5");
    assert_eq!(said.all("scoped").len(), 0, "{}", said.text());
}

#[test]
fn an_exit_leaves_the_state_to_a_thread_local_of_the_thread_that_exits() {
    let said = exits("local", "call probe_leak_in_local exit 5");
    assert_eq!(said.one("local"), "1");
}

#[test]
fn a_guard_in_a_forks_child_lends_its_parents_state() {
    let steps = "call probe_guard_across_fork split call probe_generation join";
    let said = Said::of(&probe("", steps).run());
    // Both processes have printed the line.
    assert_eq!(said.all("probe_guard_across_fork"), ["1", "1"]);
    assert_eq!(said.one("child probe_generation"), "3");
    assert_eq!(said.one("probe_generation"), "1");
}

/// The child's copy of the boot thread is not the one that the child's shutdown joins.
#[test]
fn a_main_that_forks_is_waited_for_in_the_child() {
    let dir = Temporary::new("main-forks");
    let file = dir.path().join("written");
    let steps = format!("call probe_ping written {}", file.display());
    let script = format!("main-forks:{}", file.display());
    Said::of(&probe(&script, &steps).run());
    let answer = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(answer, "-15", "TIMED_OUT: its guard is held");
}

#[test]
fn a_forks_child_that_would_give_a_handle_is_told_so() {
    for (call, next) in [
        ("probe_cursor_after_fork", "2"),
        ("probe_cursor_after_boot", "2"),
    ] {
        let steps = format!(
            "open {call} split text probe_last_error open probe_ticket call probe_generation join"
        );
        let said = Said::of(&probe("", &steps).run());
        let mut codes = said.all(call);
        codes.sort_unstable();
        assert_eq!(codes, ["-7", "0"], "STOPPED in the child");
        let text = said.one("child probe_last_error");
        assert!(
            text.starts_with(&format!("{call}: the process was forked inside this call")),
            "{text}"
        );
        assert_eq!(said.one("child probe_ticket"), "0");
        assert_eq!(said.one("child probe_generation"), next);
    }
}

#[test]
fn a_shutdown_names_who_is_inside_and_why_that_may_be() {
    let steps = "call probe_ping jumper probe_call_back call1 probe_shutdown 200 text probe_last_error \
                 call probe_state jump probe_call_back call1 probe_shutdown 200 text probe_last_error";
    let said = Said::of(&probe("", steps).run());
    assert_eq!(said.all("probe_call_back"), ["1", "1"]);
    assert_eq!(said.all("probe_shutdown"), ["-15", "-5"]);
    let [from_outside, from_inside] = said.all("probe_last_error")[..] else {
        panic!("{}", said.text());
    };
    for part in [
        "1 thread(s) are still inside calls: `jumper` (thread id ",
        " ms ago",
        "still running",
        "longjmp",
        "the library keeps working as before",
    ] {
        assert!(from_outside.contains(part), "{part}: {from_outside}");
    }
    assert!(from_inside.contains("longjmp"), "{from_inside}");
    assert_eq!(said.one("probe_state"), "3");
}
