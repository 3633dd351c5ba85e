//! The start policy `quiet`: a library that boots, works and ends without a thread of its own.

use std::time::Duration;

use rt0_hosts::fixture::fixture;
use rt0_hosts::steps::{Said, load};
use rt0_hosts::temporary::Temporary;
use rt0_hosts::watchdog::Host;

fn host(name: &'static str, steps: &str) -> Host {
    load(&fixture(name).library(), steps)
        .env("RT0_START", "quiet")
        .limit(Duration::from_secs(30))
}

fn run(steps: &str) -> Said {
    Said::of(&host("hush", steps).run())
}

#[test]
fn the_first_call_boots_on_its_own_thread_and_no_other_is_made() {
    let steps = "threads mask call hush_state call hush_booted_here threads mask call hush_works threads \
                 take hush_report hush_free";
    let said = run(steps);
    assert_eq!(said.one("hush_state"), "0", "COLD");
    assert_eq!(said.one("hush_booted_here"), "1");
    assert_eq!(said.all("threads"), ["1"; 3], "{}", said.text());
    let [before, after] = said.all("mask")[..] else {
        panic!("{}", said.text());
    };
    assert_eq!(before, after, "the host's signals");
    let report = said.one("hush_report");
    for words in [
        "\"start\":\"quiet\"",
        "\"runtime\":\"current_thread\"",
        "\"retry\":\"on-call\"",
    ] {
        assert!(report.contains(words), "{report}");
    }
}

/// The host's setting overrides the author's: none of these libraries is quiet on its own.
#[test]
fn a_host_can_make_any_library_without_a_main_quiet() {
    let steps =
        "call calm_open call calm_driven threads call1 calm_shutdown 20000 threads call calm_open";
    let said = Said::of(&host("calm", steps).run());
    assert_eq!(said.all("calm_open"), ["1", "1"]);
    assert_eq!(said.one("calm_driven"), "7");
    assert_eq!(said.one("calm_shutdown"), "0");
    assert_eq!(said.all("threads"), ["1", "1"], "{}", said.text());
    for name in ["hello", "silent"] {
        let steps = format!("call1 {name}_wait -1 call {name}_state threads");
        let said = Said::of(&host(name, &steps).run());
        assert_eq!(said.one(&format!("{name}_wait")), "0");
        assert_eq!(said.one(&format!("{name}_state")), "3", "READY");
        assert_eq!(said.one("threads"), "1", "{}", said.text());
    }
}

#[test]
fn a_library_with_a_main_says_that_it_needs_a_thread() {
    let steps = "fails probe_fail probe_free call probe_state threads exit 5";
    let said = Said::from(&host("probe", steps).run(), 5);
    let text = said.one("probe_fail");
    assert!(text.starts_with("-2 probe: start-up failed: "), "{text}");
    assert!(
        text.contains("#[rt0::main]") && text.contains("set RT0_START=lazy"),
        "{text}"
    );
    assert_eq!(said.one("threads"), "1");
}

#[test]
fn of_callers_at_once_one_boots_and_the_others_wait() {
    let steps = "many 16 hush_generation many 16 hush_works call hush_boots threads";
    let said = run(steps);
    assert_eq!(said.one("many hush_generation"), "1 x 16");
    assert_eq!(said.one("many hush_works"), "7 x 16");
    assert_eq!(said.one("hush_boots"), "1");
    assert_eq!(said.one("threads"), "1");
}

#[test]
fn other_calls_wait_for_such_a_boot_with_their_deadlines() {
    let steps =
        "begin calm_open until calm_state 2 call calm_open text calm_last_error end call calm_open";
    let said = Said::of(&host("calm", steps).env("CALM_SLEEP", "8000").run());
    // The library's own deadline is 3 s.
    assert_eq!(said.all("calm_open"), ["-1", "1", "2"]);
    let text = said.one("calm_last_error");
    assert!(text.contains("not ready before the deadline"), "{text}");
}

#[test]
fn a_forks_child_boots_its_own_and_is_alone() {
    let steps = "call hush_works fork threads call hush_generation call hush_booted_here call hush_works \
                 threads call1 hush_shutdown 20000 call hush_generation threads join \
                 call hush_works call hush_generation threads";
    let said = run(steps);
    assert_eq!(said.all("child threads"), ["1"; 3]);
    assert_eq!(said.all("child hush_generation"), ["2", "3"]);
    assert_eq!(said.one("child hush_booted_here"), "1");
    assert_eq!(said.one("child hush_works"), "7");
    assert_eq!(said.one("child hush_shutdown"), "0");
    assert_eq!(said.all("hush_works"), ["7", "7"]);
    assert_eq!(said.one("hush_generation"), "1");
    assert_eq!(said.one("threads"), "1");
}

#[test]
fn tasks_go_on_while_a_call_waits() {
    let said = run("call hush_begin_task call hush_begin_task until hush_tasks 2");
    assert_eq!(said.one("until hush_tasks"), "2");
}

/// tokio makes a thread for it, which ends again.
#[test]
fn what_the_author_asks_a_thread_for_leaves_none() {
    let said = run("call hush_blocking alone call hush_works threads");
    assert_eq!(said.one("hush_blocking"), "5");
    assert_eq!(said.one("alone"), "1");
    assert_eq!(said.one("threads"), "1");
}

#[test]
fn shutdown_and_boot_again() {
    let round = "call hush_works call1 hush_shutdown 20000 threads ".repeat(20);
    let said = run(&format!("{round} files call hush_generation"));
    assert_eq!(said.all("hush_works"), ["7"; 20]);
    assert_eq!(said.all("hush_shutdown"), ["0"; 20]);
    assert_eq!(said.all("threads"), ["1"; 20]);
    assert_eq!(said.all("file").len(), 0, "{}", said.text());
    assert_eq!(said.one("hush_generation"), "21");
}

#[test]
fn an_exit_that_hangs_is_ended_at_the_deadline() {
    let steps =
        "call hush_works call1 hush_shutdown 300 text hush_last_error threads call hush_generation";
    let said = Said::of(&host("hush", steps).env("HUSH_EXIT", "hangs").run());
    assert_eq!(said.one("hush_shutdown"), "-18", "ENDED_BADLY");
    assert!(
        said.one("hush_last_error")
            .contains("did not finish in time")
    );
    assert_eq!(said.one("threads"), "1");
    assert_eq!(said.one("hush_generation"), "2");
}

#[test]
fn the_start_function_boots_on_the_hosts_thread() {
    let steps = "call hush_start call hush_state call hush_booted_here call hush_boots threads";
    let said = run(steps);
    assert_eq!(said.one("hush_start"), "0");
    assert_eq!(said.one("hush_state"), "3", "READY");
    assert_eq!(said.one("hush_booted_here"), "1");
    assert_eq!(said.one("hush_boots"), "1");
    assert_eq!(said.one("threads"), "1");
    let host = host("hush", "call hush_start text hush_last_error").env("HUSH_ERRORS", "1");
    let said = Said::of(&host.run());
    assert_eq!(said.one("hush_start"), "-2", "BOOT_FAILED");
    assert!(said.one("hush_last_error").contains("boot 1"));
}

#[test]
fn a_failed_boot_is_tried_again_without_a_thread() {
    let steps = "fails hush_fail hush_free call hush_works call hush_generation threads";
    let said = Said::of(&host("hush", steps).env("HUSH_ERRORS", "1").run());
    assert!(
        said.one("hush_fail")
            .starts_with("-2 hush: start-up failed: boot 1")
    );
    assert_eq!(said.one("hush_works"), "7");
    assert_eq!(said.one("hush_generation"), "2");
    assert_eq!(said.one("threads"), "1");
}

/// `rt0::block_on` is the same call under every policy, and returns an error when it can't work.
#[test]
fn waiting_for_async_code_works_under_every_policy() {
    for (start, workers) in [("quiet", "1"), ("lazy", "1"), ("load", "2")] {
        let steps = "many 8 hush_works fails hush_nested hush_free call hush_works \
                     call1 hush_shutdown 20000 call hush_works";
        let host = host("hush", steps).env("RT0_START", start);
        let said = Said::of(&host.env("RT0_WORKERS", workers).run());
        assert_eq!(said.one("many hush_works"), "7 x 8", "{start}");
        let text = said.one("hush_nested");
        assert!(
            text.starts_with("-3 hush_nested panicked at ") && text.contains("runtime"),
            "PANICKED: {text}"
        );
        assert_eq!(said.all("hush_works"), ["7", "7"], "{start}");
    }
    // A runtime that the boot thread drives.
    let said = Said::of(
        &host("calm", "many 8 calm_driven")
            .env("RT0_START", "lazy")
            .run(),
    );
    assert_eq!(said.one("many calm_driven"), "7 x 8");
}

/// Neither for the shutdown itself, nor for timing the author's exit.
#[test]
fn the_end_makes_no_thread_either() {
    let dir = Temporary::new("alone");
    for (steps, code) in [
        ("call hush_works exit 5", 5),
        ("call hush_works call1 hush_shutdown 20000", 0),
        ("call hush_works fork exit 0 join", 0),
        ("call hush_works fork call hush_works exit 0 join", 0),
    ] {
        let file = dir.path().join("threads");
        let host = host("hush", steps).env("HUSH_EXIT", format!("counts:{}", file.display()));
        Said::from(&host.run(), code);
        let threads = std::fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(threads, "1", "{steps}");
        std::fs::remove_file(&file).expect("it was written");
    }
}

#[test]
fn an_exit_of_the_authors_that_hangs_does_not_keep_the_process() {
    let host = host("hush", "call hush_works exit 5").env("HUSH_EXIT", "hangs");
    Said::from(&host.env("RT0_EXIT_TIMEOUT", "300").run(), 5);
}

#[test]
fn a_call_ends_the_process_inside_async_code() {
    let steps = "call hush_works call1 hush_exit_inside 5 sleep 60000";
    Said::from(&host("hush", steps).run(), 5);
}

#[test]
fn inside_another_runtime_the_librarys_own_is_at_hand() {
    for start in ["quiet", "load"] {
        let said = Said::of(
            &host("hush", "call hush_same")
                .env("RT0_START", start)
                .env("HUSH_OTHER", "1")
                .run(),
        );
        assert_eq!(said.one("hush_same"), "1", "{start}");
    }
}
