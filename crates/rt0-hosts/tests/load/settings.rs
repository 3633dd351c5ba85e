//! The settings in a host's environment, and the start policies.

use rt0_hosts::fixture::{Fixture, fixture};
use rt0_hosts::steps::{Said, load};

fn run(library: &Fixture, vars: &[(&str, &str)], steps: &str) -> Said {
    let host = load(&library.library(), steps);
    Said::of(&host.envs(vars.iter().copied()).run())
}

#[test]
fn lazy_makes_no_thread_before_the_first_call() {
    let steps = "threads call probe_state call probe_ping call probe_state threads";
    let said = run(&fixture("probe"), &[("RT0_START", "lazy")], steps);
    let threads = said.all("threads");
    assert_eq!(threads[0], "1", "{}", said.text());
    assert_ne!(threads[1], "1", "{}", said.text());
    assert_eq!(said.all("probe_state"), ["0", "3"]);
    assert_eq!(said.one("probe_ping"), "1");
}

/// The library's own policy, which the host can override.
#[test]
fn the_librarys_own_policy() {
    let calm = fixture("calm");
    let said = run(
        &calm,
        &[],
        "threads call calm_state call calm_open call calm_state",
    );
    assert_eq!(said.one("threads"), "1");
    assert_eq!(said.all("calm_state"), ["0", "3"]);
    assert_eq!(said.one("calm_open"), "1");
    let said = run(
        &calm,
        &[("RT0_START", "load")],
        "until calm_state 3 call calm_open",
    );
    assert_eq!(said.one("calm_open"), "1");
}

#[test]
fn manual_waits_to_be_told() {
    let steps = "threads call probe_ping text probe_last_error fails probe_fail probe_free \
                 call1 probe_wait -1 call probe_state call probe_start call probe_ping \
                 call1 probe_wait -1 call1 probe_shutdown 5000 call probe_generation";
    let said = run(&fixture("probe"), &[("RT0_START", "manual")], steps);
    assert_eq!(said.one("threads"), "1");
    assert_eq!(said.all("probe_ping"), ["-1", "1"]);
    let text = said.one("probe_last_error");
    assert!(
        text.starts_with("probe") && text.contains("call its start function"),
        "{text}"
    );
    assert!(
        said.one("probe_fail").starts_with("-11 probe"),
        "NOT_STARTED"
    );
    assert_eq!(said.all("probe_wait"), ["-11", "0"]);
    assert_eq!(said.one("probe_state"), "0");
    assert_eq!(said.one("probe_start"), "0");
    // Once told to start, it stays started.
    assert_eq!(said.one("probe_generation"), "2");
}

#[test]
fn start_is_harmless_otherwise() {
    let steps =
        "call probe_start call probe_start call probe_boots call probe_start call probe_boots";
    let said = run(&fixture("probe"), &[], steps);
    assert_eq!(said.all("probe_start"), ["0"; 3]);
    assert_eq!(said.all("probe_boots"), ["1", "1"]);
}

#[test]
fn a_setting_for_one_library_goes_before_one_for_all() {
    let probe = fixture("probe");
    let calm = fixture("calm").library();
    let vars = [("RT0_START", "load"), ("RT0_START_PROBE", "manual")];
    let steps = format!("call probe_ping load {calm} until calm_state 3");
    let said = run(&probe, &vars, &steps);
    assert_eq!(said.one("probe_ping"), "-1");
    let said = run(
        &probe,
        &[("RT0_START", "manual"), ("RT0_START_PROBE", "lazy")],
        "call probe_ping",
    );
    assert_eq!(said.one("probe_ping"), "1");
    // Another library's setting does not apply.
    let said = run(
        &probe,
        &[("RT0_START_PROBES", "manual"), ("RT0_START_CALM", "manual")],
        "call probe_ping",
    );
    assert_eq!(said.one("probe_ping"), "1");
}

#[test]
fn workers_are_as_many_as_asked_for() {
    for (value, count) in [("1", 1), ("3", 3), ("7", 7)] {
        let steps =
            format!("call probe_ping named {value} probe- threads take probe_report probe_free");
        let said = run(&fixture("probe"), &[("RT0_WORKERS", value)], &steps);
        // The host's own, and the boot thread.
        assert_eq!(
            said.one("threads"),
            (count + 2).to_string(),
            "{}",
            said.text()
        );
        let report = said.one("probe_report");
        assert!(
            report.contains(&format!("\"workers\":{count},")),
            "{report}"
        );
    }
}

/// tokio's and std's own variables, which another thread could read at any time, have no effect.
#[test]
fn only_our_own_variables_count() {
    let vars = [
        ("RT0_WORKERS", "2"),
        ("TOKIO_WORKER_THREADS", "5"),
        ("RUST_MIN_STACK", "nonsense"),
    ];
    let said = run(
        &fixture("probe"),
        &vars,
        "call probe_ping named 2 probe- threads",
    );
    assert_eq!(said.one("threads"), "4", "{}", said.text());
}

/// std reads a thread's stack size from this variable, unless the code sets one.
#[test]
fn stacks_that_no_machine_has_are_not_asked_for() {
    let vars = [("RUST_MIN_STACK", "90000000000000"), ("RT0_WORKERS", "2")];
    let steps = "call probe_ping string probe_blocking probe_free call1 probe_shutdown 20000 call probe_ping";
    let said = run(&fixture("probe"), &vars, steps);
    assert_eq!(said.all("probe_ping"), ["1", "1"]);
    assert!(said.one("probe_blocking").starts_with("probe-"));
    assert_eq!(said.one("probe_shutdown"), "0");
    let steps = "call calm_open call1 calm_shutdown 20000 call calm_open";
    let said = run(&fixture("calm"), &vars, steps);
    assert_eq!(said.all("calm_open"), ["1", "1"]);
    assert_eq!(said.one("calm_shutdown"), "0");
}

#[test]
fn a_value_that_can_not_be_is_a_named_error() {
    let cases = [
        ("RT0_WORKERS", "0", "1 to 32768"),
        ("RT0_WORKERS", "abc", "1 to 32768"),
        ("RT0_WORKERS", "-1", "1 to 32768"),
        ("RT0_STACK_SIZE", "12", "65536"),
        // No thread can have this stack size: the boot must report it on another thread.
        ("RT0_STACK_SIZE", "99999999999999", "65536"),
        ("RT0_STACK_SIZE", "99999999999999999999999", "1073741824"),
        ("RT0_THREAD_NAME", "", "empty"),
        ("RT0_START", "nonsense", "load, lazy, manual, quiet"),
        ("RT0_RETRY", "always", "never, on-call"),
        ("RT0_RETRY_PAUSE", "1s", "0 to 86400000"),
        ("RT0_RETRY_PAUSE", "86400001", "0 to 86400000"),
        ("RT0_PANIC", "loud", "print, silent"),
    ];
    for (name, value, takes) in cases {
        let steps = "fails probe_fail probe_free call probe_state";
        let said = run(&fixture("probe"), &[(name, value)], steps);
        let text = said.one("probe_fail");
        assert!(
            text.starts_with("-2 probe"),
            "{name}={value}: BOOT_FAILED: {text}"
        );
        assert!(
            text.contains(name) && text.contains(value) && text.contains(takes),
            "{text}"
        );
        assert_eq!(said.one("probe_state"), "4");
    }
}

#[test]
fn thread_names() {
    let steps = "call probe_ping named 2 a-name-that-i- threads string probe_spawned probe_free";
    let vars = [
        ("RT0_THREAD_NAME", "a-name-that-is-too-long"),
        ("RT0_WORKERS", "2"),
    ];
    let said = run(&fixture("probe"), &vars, steps);
    assert!(
        said.all("thread")
            .iter()
            .any(|name| name.starts_with("a-name-that-i-0 ")),
        "{}",
        said.text()
    );
    assert!(
        said.one("probe_spawned").starts_with("a-name-that-i"),
        "{}",
        said.text()
    );
}

#[test]
fn stack_size() {
    let said = run(
        &fixture("probe"),
        &[("RT0_STACK_SIZE", "65536")],
        "call probe_ping call probe_noted",
    );
    assert_eq!(said.one("probe_ping"), "1", "{}", said.text());
}

/// tokio on only the boot thread, with a name that the author chose.
#[test]
fn current_thread_runtime() {
    let steps = "call calm_open threads call1 calm_shutdown 5000 alone call calm_open";
    let said = run(&fixture("calm"), &[], steps);
    assert_eq!(
        said.all("calm_open"),
        ["1", "1"],
        "a state of its own in each generation"
    );
    assert_eq!(said.one("threads"), "2", "{}", said.text());
    assert_eq!(said.one("calm_shutdown"), "0");
}
