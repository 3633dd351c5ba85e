//! Threads that a runtime in C did not make.

use rt0_hosts::capi::library;
use rt0_hosts::steps::{Said, load};

#[track_caller]
fn said(words: &str, steps: &str) -> Said {
    let library = library("capi/parrot.c", &[]);
    let said = Said::of(
        &load(&library, &format!("{steps} call parrot_wrong"))
            .env("PARROT", words)
            .run(),
    );
    for wrong in said
        .all("parrot_wrong")
        .into_iter()
        .chain(said.all("child parrot_wrong"))
    {
        assert_eq!(wrong, "0", "{}", said.text());
    }
    said
}

#[test]
fn each_foreign_thread_is_attached_once_and_detached_at_its_end() {
    let steps = "call parrot_enter call parrot_enter call parrot_attached many 16 parrot_enter call parrot_attached \
                 until parrot_detached 16";
    let said = said("", steps);
    assert_eq!(said.all("parrot_enter"), ["1", "1"]);
    assert_eq!(said.all("parrot_attached"), ["1", "17"]);
    assert_eq!(said.one("many parrot_enter"), "1 x 16");
}

#[test]
fn the_runtimes_own_threads_are_not_attached() {
    // Its main enters as well.
    let said = said(
        "main",
        "until parrot_mains 1 many 4 parrot_enter_own call parrot_attached call parrot_detached",
    );
    assert_eq!(said.one("many parrot_enter_own"), "1 x 4");
    assert_eq!(said.one("parrot_attached"), "0");
    assert_eq!(said.one("parrot_detached"), "0");
}

#[test]
fn a_thread_is_attached_to_each_generation() {
    let steps = "call parrot_enter call1 parrot_shutdown 20000 call parrot_enter call parrot_enter \
                 call parrot_attached call parrot_detached";
    let said = said("", steps);
    assert_eq!(said.all("parrot_enter"), ["1", "1", "1"]);
    assert_eq!(said.one("parrot_attached"), "2");
    assert_eq!(said.one("parrot_detached"), "0");
}

/// The thread ends after the generation that it was attached to.
#[test]
fn what_a_shutdown_has_overtaken_is_not_detached() {
    // Even if another one has begun since.
    for between in ["", "call parrot_ping"] {
        let steps = format!(
            "begin parrot_hold until parrot_attached 1 call1 parrot_shutdown 20000 {between} \
             call parrot_release end call parrot_ping call parrot_detached"
        );
        let said = said("", &steps);
        assert_eq!(said.one("parrot_detached"), "0", "{}", said.text());
    }
}

#[test]
fn a_forks_child_attaches_the_thread_that_forked() {
    let steps = "call parrot_enter fork call parrot_enter call parrot_enter call parrot_attached call parrot_wrong join \
                 call parrot_enter call parrot_attached";
    let said = said("", steps);
    assert_eq!(said.all("child parrot_enter"), ["1", "1"]);
    // The parent's, and its own.
    assert_eq!(said.one("child parrot_attached"), "2");
    assert_eq!(said.one("parrot_attached"), "1");
}

#[test]
fn what_attach_refuses_the_call_gets() {
    let said = said(
        "refuse",
        "call parrot_enter call parrot_enter call parrot_attached call parrot_ping",
    );
    assert_eq!(said.all("parrot_enter"), ["9", "9"]);
    assert_eq!(said.one("parrot_attached"), "0");
    assert_eq!(said.one("parrot_ping"), "1");
}

/// The boot reports it, not the thread that would have been attached.
#[test]
fn without_a_key_for_it_boot_fails_with_a_text() {
    let lazy = library("capi/parrot.c", &["-DMORE=.start=RT0_START_LAZY"]);
    let steps = "keys 0 call parrot_enter text parrot_error";
    let said = Said::of(&load(&lazy, steps).run());
    assert_eq!(said.one("parrot_enter"), "-12", "NO_THREAD");
    assert!(said.one("parrot_error").contains("key"), "{}", said.text());
}
