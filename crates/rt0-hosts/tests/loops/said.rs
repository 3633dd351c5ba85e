//! What every loop says, whatever its language.

use std::time::Duration;

use rt0_hosts::Ran;
use rt0_hosts::steps::Said;

/// A loop that is not woken hangs.
pub const LIMIT: Duration = Duration::from_secs(20);

/// Checks what a host has said, and that it said nothing else to stderr.
#[track_caller]
pub fn check(ran: &Ran) -> Said {
    let said = Said::of(ran);
    assert_eq!(said.one("fetched"), "100", "{ran}");
    assert_eq!(said.one("refused"), "4 the shop has no unicorn", "{ran}");
    assert_eq!(said.one("open"), "0", "{ran}");
    assert_eq!(said.one("reads as ended"), "1", "{ran}");
    starts(&said, "stopped", "-7 shop_fetch");
    said
}

/// Checks how what a host has said of this begins.
#[track_caller]
pub fn starts(said: &Said, step: &str, begins: &str) {
    let one = said.one(step);
    assert!(one.starts_with(begins), "{step} = {one}, not {begins}");
}
