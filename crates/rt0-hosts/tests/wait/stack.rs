//! Calls on threads with a tiny stack: 16 KiB, of which the C library takes a part.

use rt0_hosts::cc;
use rt0_hosts::fixture::{fixture, plain, released};
use rt0_hosts::steps::Said;
use rt0_hosts::watchdog::Host;

/// How much stack a call may use, without optimisations, which is the worst case: a call that waits at the
/// core's gate, and one that passes the facade's. Half of the former is the very first call, in which the C
/// library registers a handler. In a thread's first call with the state, the library makes room for the
/// announcement; how much stack the C library's allocator needs for that is not our choice.
const CORE: usize = 2 * 1024;
const FACADE: usize = 6 * 1024;

/// How many bytes a call used that waited at the gate. On a busy machine the host may be delayed before the
/// call, until there is nothing to wait for.
#[track_caller]
fn used_when_it_waits(library: &str, symbol: &str, env: (&str, &str)) -> usize {
    let waited = (0..5).find_map(|_| {
        let host = Host::new(cc::c("wait/stack.c", &[])).args([library, symbol]);
        let said = Said::of(&host.env(env.0, env.1).run());
        let words: Vec<usize> = said
            .one(symbol)
            .split(' ')
            .map(|word| word.parse().expect("a number"))
            .collect();
        let [result, bytes, micros] = words[..] else {
            panic!("RESULT BYTES MICROSECONDS\n{}", said.text());
        };
        println!("{symbol}: {bytes} bytes, {micros} us");
        assert_eq!(result, 1, "{}", said.text());
        (micros >= 10_000).then_some(bytes)
    });
    waited.expect("it never waited")
}

#[test]
fn waiting_at_the_cores_gate_needs_less_than_2_kib() {
    let library = plain("bare", "").library();
    let bytes = used_when_it_waits(&library, "bare_ping", ("BARE_BOOT", "send"));
    assert!(bytes > 0 && bytes <= CORE, "{bytes}");
}

#[test]
fn waiting_with_the_facade_leaves_room_on_the_smallest_stack() {
    let library = fixture("probe").library();
    for symbol in ["probe_ping", "probe_generation"] {
        let bytes = used_when_it_waits(&library, symbol, ("PROBE_BOOT", "sleep:300"));
        assert!(bytes > 0 && bytes <= FACADE, "{symbol}: {bytes}");
    }
}

#[test]
fn with_optimisations_the_facades_gate_needs_less_than_2_kib_as_well() {
    let library = released("probe").library();
    let boot = ("PROBE_BOOT", "sleep:300");
    let bytes = used_when_it_waits(&library, "probe_ping", boot);
    assert!(bytes > 0 && bytes <= CORE, "{bytes}");
    let bytes = used_when_it_waits(&library, "probe_generation", boot);
    assert!(bytes > 0 && bytes <= FACADE, "{bytes}");
}
