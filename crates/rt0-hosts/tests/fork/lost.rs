//! A runtime whose descriptors the host has closed, or replaced by files of its own.

use std::time::Duration;

use rt0_hosts::fixture::{fixture, plain};
use rt0_hosts::steps::{Said, load};
use rt0_hosts::temporary::Temporary;
use rt0_hosts::watchdog::Host;

/// The runtimes of the fixture `hush`: with one and two worker threads, and driven by the calls.
const KINDS: [(&str, &str); 3] = [("load", "1"), ("load", "2"), ("quiet", "1")];

fn hush((start, workers): (&str, &str), steps: &str) -> Host {
    load(&fixture("hush").library(), steps)
        .env("RT0_START", start)
        .env("RT0_WORKERS", workers)
        .limit(Duration::from_secs(20))
}

fn run(kind: (&str, &str), steps: &str) -> Said {
    Said::of(&hush(kind, steps).run())
}

/// The results of `hush_works`: the first call after the sweep gets the error, unless one of the runtime's own
/// threads was awake and noticed first.
#[track_caller]
fn assert_works(said: &Said, step: &str, lost: usize) {
    let all = said.all(step);
    for (i, result) in all.iter().enumerate() {
        let told = i == lost && *result == "-1";
        assert!(told || *result == "7", "{step}: {all:?}\n{}", said.text());
    }
}

#[test]
fn after_the_sweep_the_next_call_but_one_has_a_runtime_again() {
    let steps = "call hush_works sweep call hush_works call hush_works \
                 call hush_generation call1 hush_shutdown 20000 call hush_works";
    for kind in KINDS {
        let said = run(kind, steps);
        assert_works(&said, "hush_works", 1);
        assert_eq!(said.one("hush_generation"), "2", "{kind:?}");
        assert_eq!(said.one("hush_shutdown"), "0", "{kind:?}");
    }
}

#[test]
fn a_call_that_waits_is_told_too() {
    let steps = "call hush_works begin hush_waits_on_thread begin1 hush_waits_for 3600000 \
                 until hush_inside 2 sweep end call hush_works call hush_inside";
    for kind in KINDS {
        let said = run(kind, steps);
        assert_eq!(said.one("hush_waits_on_thread"), "-19", "{kind:?}");
        assert_eq!(said.one("hush_waits_for"), "-19", "{kind:?}");
        assert_eq!(said.all("hush_works"), ["7"; 2], "{kind:?}");
    }
}

/// Without `retry`, the runtime stays lost until the host shuts the library down.
#[test]
fn where_no_call_boots_again_a_shutdown_ends_it_in_time() {
    let steps = "call hush_works sweep fails hush_waits hush_free call hush_works call hush_state \
                 text hush_last_error take hush_report hush_free call1 hush_shutdown 20000 \
                 call hush_works call hush_generation";
    for kind in KINDS {
        let said = Said::of(&hush(kind, steps).env("RT0_RETRY", "never").run());
        let text = said.one("hush_waits");
        assert!(
            text.starts_with("-19 hush: the library's async runtime is lost"),
            "{kind:?}: {text}"
        );
        assert_eq!(said.all("hush_works"), ["7", "-1", "7"], "{kind:?}");
        assert_eq!(said.one("hush_state"), "4", "FAILED");
        let words =
            "the library's async runtime is lost: the process closed or replaced its descriptors";
        assert!(said.one("hush_last_error").contains(words));
        let report = said.one("hush_report");
        assert!(report.contains(words), "{report}");
        assert_eq!(said.one("hush_shutdown"), "0", "{kind:?}");
    }
}

#[test]
fn a_shutdown_that_is_the_first_to_notice_ends_it_in_time() {
    let steps = "call hush_works sweep call1 hush_shutdown 20000 call hush_works \
                 call hush_generation";
    for kind in KINDS {
        let said = run(kind, steps);
        assert_eq!(said.one("hush_shutdown"), "0", "{kind:?}");
        assert_eq!(said.all("hush_works"), ["7"; 2], "{kind:?}");
        assert!(said.micros("hush_shutdown") < 10_000_000);
    }
}

#[test]
fn a_shutdown_without_a_deadline_notices_in_the_middle_of_the_librarys_exit() {
    for kind in KINDS {
        let dir = Temporary::new("lost-in-exit");
        let file = dir.path().join("inside").display().to_string();
        let steps = format!(
            "call hush_works begin1 hush_shutdown -1 written {file} sweep end call hush_works \
             text hush_last_error call hush_generation"
        );
        let said = Said::of(
            &hush(kind, &steps)
                .env("HUSH_EXIT", format!("hangs:{file}"))
                .run(),
        );
        assert_eq!(said.one("hush_shutdown"), "-18", "{kind:?}");
        assert_eq!(said.all("hush_works"), ["7"; 2], "{kind:?}");
        assert_eq!(said.one("hush_generation"), "2", "{kind:?}");
    }
}

#[test]
fn in_a_forks_child_before_its_first_call_and_after() {
    let steps = "call hush_works fork sweep call hush_works call hush_generation sweep \
                 call hush_works call hush_works join call hush_works call hush_generation";
    for kind in KINDS {
        let said = run(kind, steps);
        assert_works(&said, "child hush_works", 1);
        assert_eq!(said.all("hush_works"), ["7"; 2], "{kind:?}");
        assert_eq!(said.one("hush_generation"), "1", "{kind:?}");
    }
}

#[test]
fn the_hosts_own_files_under_these_numbers_are_left_alone() {
    for kind in KINDS {
        for file in ["file", "eventfd", "socket", "epoll"] {
            let steps = format!(
                "call hush_works replace {file} call hush_works call hush_works \
                 call1 hush_shutdown 20000 call hush_works landed"
            );
            let said = run(kind, &steps);
            assert_works(&said, "hush_works", 1);
            assert_eq!(said.one("landed"), "0", "{kind:?} {file}: {}", said.text());
        }
    }
}

#[test]
fn so_they_are_by_a_call_that_waits_there() {
    for kind in KINDS {
        for file in ["file", "eventfd", "socket", "epoll"] {
            let steps = format!(
                "call hush_works begin hush_waits_on_thread until hush_inside 1 replace {file} end \
                 call hush_works landed"
            );
            let said = run(kind, &steps);
            assert_eq!(said.one("hush_waits_on_thread"), "-19", "{kind:?} {file}");
            assert_eq!(said.all("hush_works"), ["7"; 2], "{kind:?} {file}");
            assert_eq!(said.one("landed"), "0", "{kind:?} {file}: {}", said.text());
        }
    }
}

/// There the boot thread drives the runtime. It sleeps in the lost runtime, and stays there.
#[test]
fn a_runtime_on_the_boot_thread() {
    let steps = "call calm_driven begin calm_waits until calm_waiting 1 sweep end \
                 call1 calm_shutdown 20000 call calm_driven \
                 sweep call calm_driven call1 calm_shutdown 20000 call calm_driven \
                 sweep call1 calm_shutdown 20000 call calm_driven";
    let host = load(&fixture("calm").library(), steps)
        .env("RT0_RETRY", "never")
        .env("RT0_START", "load")
        .limit(Duration::from_secs(20));
    let said = Said::of(&host.run());
    assert_eq!(said.one("calm_waits"), "-19");
    let all = ["7", "7", "-1", "7", "7"];
    assert_eq!(said.all("calm_driven"), all, "{}", said.text());
    assert_eq!(said.all("calm_shutdown"), ["0"; 3]);
}

/// Only main ends: exit, and the drop of the state, would use descriptors that may now be the host's.
#[test]
fn a_main_is_told_to_stop_and_nothing_is_dropped() {
    let steps = "call probe_ping until probe_mains 1 sweep string probe_blocking probe_free \
                 call1 probe_shutdown 20000 string probe_blocking probe_free until probe_mains 2 \
                 call probe_ended call1 probe_shutdown 20000 call probe_ended";
    let host = load(&fixture("probe").library(), steps)
        .env("RT0_WORKERS", "2")
        .limit(Duration::from_secs(20));
    let said = Said::of(&host.run());
    let [lost, again] = said.all("probe_blocking")[..] else {
        panic!("{}", said.text());
    };
    assert!(
        lost.starts_with("error -19 probe: the library's async"),
        "{lost}"
    );
    assert!(again.starts_with("probe-"), "{again}");
    assert_eq!(said.all("probe_ended"), ["100", "211"], "{}", said.text());
    assert_eq!(said.all("probe_shutdown"), ["0"; 2]);
}

/// In such a library the descriptors are unknown until tokio's driver fails on them.
#[test]
fn in_a_library_of_plain_cargos_the_panic_of_the_driver_tells() {
    let steps = "call hush_works sweep fails hush_waits hush_free call1 hush_shutdown 20000 \
                 call hush_works call hush_generation";
    let host = load(&plain("hush", "").library(), steps)
        .env("RT0_START", "load")
        .env("RT0_RETRY", "never")
        .env("RT0_WORKERS", "1")
        .limit(Duration::from_secs(20));
    let said = Said::of(&host.run());
    let text = said.one("hush_waits");
    assert!(text.starts_with("-19 hush"), "{text}");
    assert_eq!(said.all("hush_works"), ["7"; 2], "{}", said.text());
    assert_eq!(said.one("hush_generation"), "2");
    assert_eq!(said.one("hush_shutdown"), "0");
}

/// The boot would wait for the outer call, and that call for the boot.
#[test]
fn a_call_inside_another_does_not_boot_again() {
    let steps = "call hush_works begin hush_works_when_swept until hush_inside 1 sweep end \
                 call hush_works call hush_generation";
    for kind in KINDS {
        let said = run(kind, steps);
        assert_eq!(said.one("hush_works_when_swept"), "-1", "{kind:?}");
        assert_eq!(said.all("hush_works"), ["7"; 2], "{kind:?}");
        assert_eq!(said.one("hush_generation"), "2", "{kind:?}");
    }
}

/// Nor does it wait for another call that boots, because that one waits for the outer call.
#[test]
fn nor_does_it_wait_for_another_that_does() {
    let steps = "call hush_works begin hush_works_in_retry until hush_inside 1 sweep \
                 call hush_works call hush_works end call hush_works call hush_generation";
    for kind in KINDS {
        let said = run(kind, steps);
        assert_eq!(said.one("hush_works_in_retry"), "-1", "{kind:?}");
        assert_works(&said, "hush_works", 1);
        assert_eq!(said.one("hush_generation"), "2", "{kind:?}");
    }
}

/// If `fcntl` is refused, the descriptors' owner can't be determined, and they count as the runtime's.
#[cfg(target_arch = "x86_64")]
#[test]
fn a_sandbox_that_is_put_up_after_the_boot_loses_nothing() {
    let steps = "call hush_works refuse fcntl 1 call hush_works call hush_works \
                 call hush_generation call1 hush_shutdown 20000";
    for kind in KINDS {
        let said = run(kind, steps);
        assert_eq!(said.all("hush_works"), ["7"; 3], "{kind:?}");
        assert_eq!(said.one("hush_generation"), "1", "{kind:?}");
        assert_eq!(said.one("hush_shutdown"), "0", "{kind:?}");
    }
}

/// Tokio panics in the middle of the shutdown. The next runtime gets the same descriptor numbers.
#[test]
fn after_an_end_inside_another_runtime_the_next_call_has_one_again() {
    let steps = "call hush_works call hush_ends_inside_another call hush_works \
                 call hush_ends_inside_another call hush_works call hush_generation";
    for kind in KINDS {
        let said = run(kind, steps);
        assert_eq!(said.all("hush_ends_inside_another"), ["-18"; 2], "{kind:?}");
        assert_eq!(said.all("hush_works"), ["7"; 3], "{kind:?}");
        assert_eq!(said.one("hush_generation"), "3", "{kind:?}");
    }
}

#[test]
fn a_wait_has_the_deadline_that_it_is_given() {
    let steps = "call1 hush_waits_for 20 call1 hush_works_for 20000 call hush_inside";
    for kind in KINDS {
        let said = run(kind, steps);
        assert_eq!(said.one("hush_waits_for"), "-15", "TIMED_OUT");
        assert_eq!(said.one("hush_works_for"), "7", "{kind:?}");
        assert_eq!(said.one("hush_inside"), "0", "the future is dropped");
    }
}
