//! Main and exit: each runs in every generation, and neither can wait for the shutdown it is part of.

use rt0_hosts::cc;
use rt0_hosts::fixture::fixture;
use rt0_hosts::steps::{Said, load};
use rt0_hosts::watchdog::Host;

#[test]
fn a_shutdown_from_main_and_exit_is_answered() {
    let steps = "call1 pair_shutdown 20000 call pair_state call pair_answer_to_main \
                 call pair_answer_to_exit call pair_generation";
    let said = Said::of(
        &load(
            &fixture("pair").library(),
            &format!("call pair_generation {steps}"),
        )
        .run(),
    );
    assert_eq!(said.one("pair_shutdown"), "0", "{}", said.text());
    assert!(said.micros("pair_shutdown") < 10_000_000, "{}", said.text());
    assert_eq!(said.one("pair_state"), "0");
    assert_eq!(said.one("pair_answer_to_main"), "-5", "WOULD_DEADLOCK");
    assert_eq!(said.one("pair_answer_to_exit"), "-5", "WOULD_DEADLOCK");
    assert_eq!(said.all("pair_generation"), ["1", "2"]);
}

/// The same from async hooks, through a function of the host.
#[test]
fn a_shutdown_from_what_main_and_exit_call_is_answered() {
    let host = cc::linked("unload/hooks.c", &fixture("probe"));
    assert_eq!(Host::new(host).run().ok(), "");
}

/// However soon the shutdown comes after the boot, main has begun, and is told to stop.
#[test]
fn main_is_not_lost() {
    const ROUNDS: usize = 20;
    let library = fixture("probe").library();
    let rounds = "call1 probe_wait -1 call1 probe_shutdown 20000 ".repeat(ROUNDS);
    for _ in 0..10 {
        let host = load(
            &library,
            &format!("{rounds} call probe_ended call probe_boots"),
        );
        let said = Said::of(&host.env("RT0_WORKERS", "1").run());
        assert_eq!(said.all("probe_shutdown"), ["0"; ROUNDS]);
        assert_eq!(said.one("probe_boots"), (ROUNDS + 1).to_string());
        // In each: main stopped, exit ran, state dropped.
        assert_eq!(said.one("probe_ended"), (ROUNDS * 111).to_string());
    }
}
