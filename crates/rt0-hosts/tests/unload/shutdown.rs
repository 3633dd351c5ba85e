//! The end of a generation, and the next one.

use std::os::unix::process::ExitStatusExt;

use rt0_hosts::cc;
use rt0_hosts::fixture::fixture;
use rt0_hosts::steps::{Said, load, opening};
use rt0_hosts::target::named_target;
use rt0_hosts::watchdog::Host;

fn run(script: &str, steps: &str) -> Said {
    let host = load(&fixture("probe").library(), steps);
    Said::of(&host.env("PROBE_BOOT", script).run())
}

#[test]
fn shutdown_and_boot_again() {
    let steps = "call probe_generation until probe_mains 1 \
                 call1 probe_shutdown 5000 call probe_state alone files \
                 call probe_generation call probe_ended call probe_boots until probe_mains 2 \
                 call1 probe_shutdown -1 alone call probe_generation call probe_ended";
    let said = run("", steps);
    assert_eq!(said.all("probe_shutdown"), ["0", "0"]);
    assert_eq!(said.one("probe_state"), "0");
    assert_eq!(said.all("alone"), ["1", "1"]);
    assert_eq!(
        said.all("file").len(),
        0,
        "descriptors are given back\n{}",
        said.text()
    );
    assert_eq!(said.all("probe_generation"), ["1", "2", "3"]);
    // Main was told to stop, exit ran, the state was dropped: each once per generation.
    assert_eq!(said.all("probe_ended"), ["111", "222"]);
    assert_eq!(said.one("probe_boots"), "2");
}

#[test]
fn nothing_to_shut_down() {
    let steps = "call1 probe_shutdown 5000 call1 probe_shutdown 5000 call probe_state call probe_generation";
    let host = load(&fixture("probe").library(), steps).env("RT0_START", "lazy");
    let said = Said::of(&host.run());
    assert_eq!(said.all("probe_shutdown"), ["0", "0"]);
    assert_eq!(said.one("probe_state"), "0");
    assert_eq!(said.one("probe_generation"), "1");
}

/// In a library without a main, idle threads are given time to end. On a busy machine it can be too short.
#[test]
fn at_once_is_enough_for_an_idle_library() {
    let steps = "call1 hello_wait -1 call1 hello_shutdown 0 call hello_state call1 hello_shutdown 20000 alone";
    let ended = || {
        let said = Said::of(&load(&fixture("hello").library(), steps).run());
        assert_eq!(said.all("hello_shutdown")[1], "0", "{}", said.text());
        assert_eq!(said.one("alone"), "1");
        (said.all("hello_shutdown")[0], said.one("hello_state")) == ("0", "0")
    };
    assert!((0..20).any(|_| ended()));
}

#[test]
fn a_call_that_stays_holds_a_shutdown_up() {
    let steps = "call probe_ping begin1 probe_stay 2000 until probe_inside 1 \
                 call1 probe_shutdown 100 text probe_last_error call probe_state \
                 call probe_generation end call1 probe_shutdown 5000 call probe_generation";
    let said = run("", steps);
    assert_eq!(said.all("probe_shutdown"), ["-15", "0"], "TIMED_OUT");
    let text = said.one("probe_last_error");
    assert!(
        text.starts_with("probe") && text.contains("still inside"),
        "{text}"
    );
    assert_eq!(said.one("probe_state"), "3", "the library goes on");
    assert_eq!(said.all("probe_generation"), ["1", "2"]);
    assert_eq!(said.one("probe_stay"), "1");
}

/// A host that switches stacks in a callback may end a thread's first call before its second.
#[test]
fn calls_of_one_thread_may_end_in_any_order() {
    if named_target().contains("-musl") {
        println!("musl has no swapcontext");
        return;
    }
    let host = cc::linked("unload/stacks.c", &fixture("probe"));
    let ran = Host::compiled(host).run();
    // A sanitizer warns of stacks that it does not know, on stderr.
    ran.succeeds();
    assert!(ran.stdout.is_empty(), "{ran}");
}

/// A library that is opened late may find no room in the memory that every thread begins with. Its threads
/// then have their slots somewhere else, each at a distance of its own.
#[test]
fn a_call_whose_thread_local_is_elsewhere_holds_a_shutdown_up() {
    let steps = "call probe_generation many 8 probe_generation begin1 probe_stay 2000 \
                 until probe_inside 1 call1 probe_shutdown 100 end call1 probe_shutdown 5000 \
                 call probe_generation many 8 probe_generation";
    let host = load(&fixture("probe").library(), steps);
    let said = Said::of(
        &host
            .env("GLIBC_TUNABLES", "glibc.rtld.optional_static_tls=0")
            .run(),
    );
    assert_eq!(said.all("probe_shutdown"), ["-15", "0"], "TIMED_OUT");
    assert_eq!(said.all("probe_generation"), ["1", "2"]);
    assert_eq!(said.all("many probe_generation"), ["1 x 8", "2 x 8"]);
    assert_eq!(said.one("probe_stay"), "1");
}

/// There a call looks for its thread's slot by the thread pointer, in a table in which threads replace each other.
#[test]
fn each_thread_that_shares_a_place_with_others_holds_a_shutdown_up() {
    let host = cc::c("unload/places.c", &[&fixture("probe").include()]);
    // With room for a few libraries, and with none.
    for tunable in ["512", "0"].map(|room| format!("glibc.rtld.optional_static_tls={room}")) {
        let host = Host::new(&host).arg(fixture("probe").library());
        let host = host.env("GLIBC_TUNABLES", tunable);
        assert_eq!(host.env("RT0_WORKERS", "1").run().ok(), "");
    }
}

/// A thread may drop its guards in any order: it is inside while it holds one.
#[test]
fn a_guard_that_outlives_another_holds_a_shutdown_up() {
    let steps = "call1 probe_two_guards 2000 until probe_guards 1 \
                 call1 probe_shutdown 300 text probe_last_error call probe_state \
                 until probe_guards 0 call probe_guarded \
                 call1 probe_shutdown 5000 call probe_state call probe_generation";
    let said = run("", steps);
    assert_eq!(said.all("probe_shutdown"), ["-15", "0"], "TIMED_OUT");
    let text = said.one("probe_last_error");
    assert!(text.contains("1 thread(s) are still inside"), "{text}");
    assert_eq!(said.all("probe_state"), ["3", "0"]);
    assert_eq!(said.one("probe_guarded"), "1", "it kept its state");
    assert_eq!(said.one("probe_generation"), "2");
}

/// It takes the kernel milliseconds once there are several.
#[test]
fn the_fence_is_asked_for_while_there_is_one_thread() {
    if !cfg!(all(target_arch = "x86_64", target_env = "gnu")) {
        return;
    }
    let steps = "begin1 probe_stay 300 until probe_inside 1 refuse register 0 call1 probe_shutdown 20000 end";
    let said = run("", steps);
    assert_eq!(said.one("probe_shutdown"), "0");
}

/// The threads that end the library may be queued behind it for its processor.
#[test]
fn a_refused_call_gives_way() {
    if !cfg!(target_arch = "x86_64") {
        return;
    }
    let refused = |call: &str| {
        let steps = format!(
            "call probe_ping begin1 probe_shutdown 20000 until probe_state 5 \
             refuse sched_yield 0 call {call} exit 0"
        );
        // What holds the shutdown up is there as long as the host is.
        load(&fixture("probe").library(), &steps)
            .env("PROBE_BOOT", "exit-hangs")
            .run()
            .status
            .signal()
    };
    const SIGSYS: i32 = 31;
    assert_eq!(refused("probe_state"), None);
    assert_eq!(refused("probe_ping"), Some(SIGSYS));
}

#[test]
fn a_shutdown_waits_for_calls_that_use_the_state() {
    let steps = "until probe_mains 1 call probe_ping begin1 probe_stay 4000 begin1 probe_stay 3500 until probe_inside 2 \
                 begin1 probe_shutdown 20000 until probe_state 5 call probe_ping \
                 text probe_last_error fails probe_fail probe_free end call probe_ended";
    let said = run("", steps);
    assert_eq!(said.all("probe_stay"), ["1", "1"], "they kept their state");
    assert_eq!(said.one("probe_shutdown"), "0");
    assert!(
        said.micros("probe_shutdown") >= 100_000,
        "it waited\n{}",
        said.text()
    );
    // Calls in the meantime get the error.
    assert_eq!(said.all("probe_ping"), ["1", "-1"]);
    assert!(
        said.one("probe_last_error").contains("shutting down"),
        "{}",
        said.text()
    );
    assert!(
        said.one("probe_fail").starts_with("-7 probe"),
        "STOPPED\n{}",
        said.text()
    );
    assert_eq!(said.one("probe_ended"), "111");
}

#[test]
fn shutdowns_at_once() {
    let shutdowns = "begin1 probe_shutdown 20000 ".repeat(8);
    let said = run(
        "",
        &format!(
            "until probe_mains 1 call probe_ping {shutdowns} end call probe_state call probe_ended"
        ),
    );
    assert_eq!(said.all("probe_shutdown"), ["0"; 8]);
    assert_eq!(said.one("probe_state"), "0");
    assert_eq!(said.one("probe_ended"), "111");
}

#[test]
fn a_main_that_is_slow_to_stop() {
    let steps = "until probe_mains 1 call probe_ping call1 probe_shutdown 50 text probe_last_error call probe_state \
                 call probe_ping call1 probe_shutdown 20000 call probe_state alone call probe_ended";
    let said = run("main-sleeps:1000", steps);
    assert_eq!(said.all("probe_shutdown"), ["-15", "0"], "TIMED_OUT");
    let text = said.one("probe_last_error");
    assert!(text.starts_with("probe") && text.contains("main"), "{text}");
    assert_eq!(said.all("probe_state"), ["5", "0"]);
    assert_eq!(said.all("probe_ping"), ["1", "-1"]);
    assert_eq!(said.one("alone"), "1");
    assert_eq!(said.one("probe_ended"), "111");
}

#[test]
fn a_shutdown_during_boot() {
    let steps = "call1 probe_shutdown 50 text probe_last_error call1 probe_shutdown -1 \
                 call probe_state call probe_generation";
    let said = run("sleep:1000", steps);
    assert_eq!(said.all("probe_shutdown"), ["-15", "0"]);
    assert!(
        said.one("probe_last_error")
            .contains("start-up is under way"),
        "{}",
        said.text()
    );
    assert_eq!(said.one("probe_state"), "0");
    assert_eq!(said.one("probe_generation"), "2");
}

#[test]
fn a_shutdown_from_inside_is_answered() {
    let steps = "call probe_shutdown_inside call probe_shutdown_on_worker call probe_generation \
                 call1 probe_shutdown 5000";
    let said = run("", steps);
    assert_eq!(said.one("probe_shutdown_inside"), "-5", "WOULD_DEADLOCK");
    assert_eq!(said.one("probe_shutdown_on_worker"), "-5", "WOULD_DEADLOCK");
    assert_eq!(said.one("probe_generation"), "1");
    assert_eq!(said.one("probe_shutdown"), "0");
}

/// A thread that is cancelled in a shutdown ends when the shutdown is over, not in the middle of it.
#[test]
fn a_shutdown_is_not_cancelled() {
    let steps = "until probe_mains 1 begin1 probe_shutdown 20000 until probe_state 5 cancel \
                 call probe_state call probe_generation call probe_ended";
    let said = run("main-sleeps:1000", steps);
    assert_eq!(said.one("cancel"), "0 cancelled");
    assert_eq!(said.one("probe_state"), "0");
    assert_eq!(said.one("probe_generation"), "2");
    assert_eq!(said.one("probe_ended"), "111");
}

/// Nor in the middle of waiting for another shutdown.
#[test]
fn a_shutdown_that_waits_for_another_is_not_cancelled() {
    let steps = "until probe_mains 1 begin1 probe_shutdown 20000 until probe_state 5 \
                 begin1 probe_shutdown 20000 sleep 100 cancel end call probe_state call probe_ping";
    let said = run("main-sleeps:1000", steps);
    assert_eq!(said.one("cancel"), "0 cancelled");
    assert_eq!(said.one("probe_shutdown"), "0");
    assert_eq!(said.one("probe_state"), "0");
    assert_eq!(said.one("probe_ping"), "1");
}

#[test]
fn many_generations_leave_nothing_behind() {
    let round = "many 8 probe_ping call1 probe_shutdown 20000 ".repeat(50);
    let said = run("", &format!("{round} alone files call probe_generation"));
    assert_eq!(said.all("probe_shutdown"), ["0"; 50]);
    assert_eq!(said.one("alone"), "1");
    assert_eq!(said.all("file").len(), 0);
    assert_eq!(said.one("probe_generation"), "51");
}

/// The exit of a process closes the gate, and does not wait forever for calls that are inside. A handler of
/// the host that runs after the library's finds the state that the library left, but no more thread-locals of
/// the library on its own thread: tokio's were there, because a call has used them.
#[test]
fn a_shutdown_that_goes_on_where_an_exit_has_stopped_waits_for_the_calls() {
    let library = fixture("probe").library();
    let steps = "call1 probe_stay_blocked 1 begin1 probe_stay 5000 until probe_inside 1 exit 5 \
                 call1 probe_shutdown 1500 text probe_last_error call probe_state end \
                 call1 probe_shutdown 20000 text probe_last_error call probe_state";
    let host = Host::compiled(opening())
        .args(["atexit", "load", &library])
        .args(steps.split_whitespace())
        .env("RT0_EXIT_TIMEOUT", "200");
    let said = Said::from(&host.run(), 5);
    assert_eq!(said.all("probe_shutdown"), ["-15", "0"], "{}", said.text());
    let text = said.all("probe_last_error")[0];
    assert!(text.contains("1 thread(s) are still inside"), "{text}");
    assert_eq!(said.one("probe_stay"), "1", "it kept its state");
    assert_eq!(said.all("probe_state"), ["5", "0"]);
}
