//! Calls during a shutdown, in a library whose author makes them wait for the next generation. (`shutdown.rs`
//! tests the error that they get otherwise.)

use std::time::Duration;

use rt0_hosts::fixture::fixture;
use rt0_hosts::steps::{Said, load};

fn run(exit: &str, steps: &str) -> Said {
    let host = load(&fixture("hush").library(), steps)
        .env("RT0_START", "load")
        .env("RT0_WORKERS", "2")
        .env("HUSH_EXIT", exit)
        .limit(Duration::from_secs(30));
    Said::of(&host.run())
}

#[test]
fn a_call_waits_and_boots_afresh() {
    let steps = "call hush_generation begin1 hush_stay 1000 until hush_inside 1 \
                 begin1 hush_shutdown 20000 until hush_state 5 many 8 hush_generation end \
                 call hush_boots";
    let said = run("", steps);
    assert_eq!(said.one("many hush_generation"), "2 x 8");
    assert_eq!(said.one("hush_shutdown"), "0");
    assert_eq!(said.one("hush_stay"), "0");
    assert_eq!(said.one("hush_boots"), "2");
}

#[test]
fn it_waits_no_longer_than_its_deadline() {
    let steps = "call hush_generation begin1 hush_stay 2000 until hush_inside 1 \
                 begin1 hush_shutdown 20000 until hush_state 5 \
                 call1 hush_wait 0 call1 hush_wait 50 text hush_last_error end call hush_generation";
    let said = run("", steps);
    assert_eq!(said.all("hush_wait"), ["-7"; 2], "STOPPED");
    let text = said.one("hush_last_error");
    assert!(
        text.starts_with("hush: the library is shutting down"),
        "{text}"
    );
    assert_eq!(said.all("hush_generation"), ["1", "2"]);
}

/// The shutdown waits for the outer call: if the inner call waited for the shutdown, neither would ever end.
#[test]
fn a_call_inside_a_call_does_not_wait() {
    let steps = "begin hush_call_in_shutdown until hush_inside 1 call1 hush_shutdown 20000 end \
                 call hush_generation";
    let said = run("", steps);
    assert_eq!(said.one("hush_call_in_shutdown"), "-7", "STOPPED");
    assert_eq!(said.one("hush_shutdown"), "0");
    assert_eq!(said.one("hush_generation"), "2");
}

#[test]
fn a_call_that_the_shutdown_itself_makes_does_not_wait() {
    let steps = "call hush_generation call1 hush_shutdown 20000 call hush_noted";
    let said = run("calls", steps);
    assert_eq!(said.one("hush_shutdown"), "0");
    assert_eq!(said.one("hush_noted"), "-7", "STOPPED");
}

/// A shutdown that is called off lets the calls through.
#[test]
fn a_shutdown_that_is_called_off() {
    let steps = "call hush_generation begin1 hush_stay 2000 until hush_inside 1 \
                 begin1 hush_shutdown 300 until hush_state 5 call hush_generation end";
    let said = run("", steps);
    assert_eq!(said.one("hush_shutdown"), "-15", "TIMED_OUT");
    assert_eq!(said.all("hush_generation"), ["1", "1"]);
}

/// The shutdown waits for the call, and the runtime exists until the call returns.
#[test]
fn a_call_that_is_inside_uses_the_runtime() {
    for start in ["load", "quiet"] {
        let steps = "begin hush_works_in_shutdown until hush_inside 1 call1 hush_shutdown 20000 end \
                     call hush_generation";
        let host = load(&fixture("hush").library(), steps)
            .env("RT0_START", start)
            .env("RT0_WORKERS", "2")
            .limit(Duration::from_secs(30));
        let said = Said::of(&host.run());
        assert_eq!(said.one("hush_works_in_shutdown"), "7", "{start}");
        assert_eq!(said.one("hush_shutdown"), "0", "{start}");
        assert_eq!(said.one("hush_generation"), "2", "{start}");
    }
}

/// A guard from before the shutdown is dropped during the wait.
#[test]
fn what_waits_for_async_code_holds_a_shutdown_off_by_itself() {
    let steps = "call hush_generation begin hush_let_go_inside until hush_inside 1 \
                 call1 hush_shutdown 200 call hush_let_go end call1 hush_shutdown 20000";
    let said = run("", steps);
    assert_eq!(said.all("hush_shutdown"), ["-15", "0"], "TIMED_OUT");
    assert_eq!(said.one("hush_let_go_inside"), "0");
}
