//! Calls on threads that have hardly any stack: 16 KiB, of which the C library takes a part.

use rt0_hosts::cc;
use rt0_hosts::fixture::{fixture, plain, released};
use rt0_hosts::steps::Said;
use rt0_hosts::watchdog::Host;

/// What a waiting call may use of the stack when only the core is in it, and when the facade is. The
/// build here is one without optimisations, which is the worst.
const CORE: usize = 1024;
const FACADE: usize = 6 * 1024;

/// The bytes that each call has used, one after the other; each gave 1.
#[track_caller]
fn used(library: &str, symbol: &str, calls: usize, env: (&str, &str)) -> Vec<usize> {
    let host = Host::new(cc::c("stack.c", &[])).arg(library);
    let said = Said::of(&host.args(vec![symbol; calls]).env(env.0, env.1).run());
    let lines = said.all(symbol);
    assert_eq!(lines.len(), calls, "{}", said.text());
    let bytes = lines
        .iter()
        .map(|line| line.strip_prefix("1 ")?.parse().ok());
    let bytes: Option<Vec<_>> = bytes.collect();
    bytes.unwrap_or_else(|| panic!("not all gave 1\n{}", said.text()))
}

/// The first call waits: it uses more than the second, which finds the gate open. On a busy machine the
/// host may be held up before the first, until there is nothing to wait for.
#[track_caller]
fn used_when_it_waits(library: &str, symbol: &str, env: (&str, &str)) -> usize {
    let waited = (0..5).find_map(|_| {
        let bytes = used(library, symbol, 2, env);
        println!("{symbol}: {bytes:?}");
        (bytes[0] > bytes[1]).then_some(bytes[0])
    });
    waited.expect("it never waited")
}

#[test]
fn waiting_at_the_cores_gate_needs_less_than_1_kib() {
    let library = plain("bare", "").library();
    let bytes = used_when_it_waits(&library, "bare_ping", ("BARE_BOOT", "send"));
    assert!(bytes <= CORE, "{bytes}");
}

#[test]
fn waiting_with_the_facade_leaves_room_on_the_smallest_stack() {
    let library = fixture("probe").library();
    for symbol in ["probe_ping", "probe_generation"] {
        let bytes = used_when_it_waits(&library, symbol, ("PROBE_BOOT", "sleep:300"));
        assert!(bytes <= FACADE, "{symbol}: {bytes}");
    }
}

#[test]
fn with_optimisations_that_is_less_than_1_kib_as_well() {
    let library = released("probe").library();
    for symbol in ["probe_ping", "probe_generation"] {
        let bytes = used_when_it_waits(&library, symbol, ("PROBE_BOOT", "sleep:300"));
        assert!(bytes <= CORE, "{symbol}: {bytes}");
    }
}
