//! What belongs to the caller stays the caller's: the registers that a function must keep.

use rt0_hosts::cc;
use rt0_hosts::fixture::plain;
use rt0_hosts::watchdog::Host;

/// The entry that the loader calls, a call that boots on a stack of our own, and one that just passes.
#[test]
fn the_entry_and_the_gate_keep_the_callers_registers() {
    let host = cc::c("registers.c", &["-rdynamic"]);
    let ran = Host::new(host).arg(plain("bare", "").library()).run();
    assert_eq!(ran.ok(), "");
}
