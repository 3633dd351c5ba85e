//! Libraries that use only the core, without the crate rt0.

use rt0_hosts::fixture::plain;
use rt0_hosts::steps::{Said, load};

fn ping(features: &'static str, boot: &str) -> String {
    let host = load(&plain("bare", features).library(), "call bare_ping threads");
    let said = Said::of(&host.env("BARE_BOOT", boot).run());
    said.one("bare_ping").to_owned()
}

#[test]
fn a_boot_that_is_done() {
    assert_eq!(ping("", "done"), "1");
}

#[test]
fn a_table_without_a_boot_entry() {
    assert_eq!(ping("no-boot", ""), "-13", "NO_BOOT_ENTRY");
}

#[test]
fn a_boot_that_never_says_done() {
    assert_eq!(ping("", "drop"), "-14", "NOT_NOTIFIED");
}

#[test]
fn a_boot_that_says_it_has_failed() {
    assert_eq!(ping("", "failed"), "-17", "NO_MEMORY");
}

#[test]
fn another_thread_says_done_later() {
    assert_eq!(ping("", "send"), "1");
}
