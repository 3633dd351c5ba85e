//! A runtime in C on `rt0.h`, in processes that fork.

use rt0_hosts::capi::library;
use rt0_hosts::steps::{Said, load};
use rt0_hosts::watchdog::Host;

const BOOTING: &str = "1";
const RUNNING: &str = "2";
const FAILED: &str = "3";

#[track_caller]
fn said(words: &str, steps: &str) -> Said {
    let library = library("capi/parrot.c", &[]);
    Said::of(&load(&library, steps).env("PARROT", words).run())
}

/// Asks a child for everything; the first call boots.
const ASK: &str = "call parrot_done call parrot_forks call parrot_left_number call parrot_left_phase \
                   call parrot_generation call parrot_child call parrot_boots call parrot_forks call parrot_wrong";

#[test]
fn a_forks_child_boots_its_own_and_is_told_what_is_left() {
    let said = said(
        "main",
        &format!("call parrot_ping until parrot_mains 1 fork {ASK} join {ASK}"),
    );
    assert_eq!(said.one("child parrot_done"), "0");
    assert_eq!(said.all("child parrot_forks"), ["1", "1"]);
    assert_eq!(said.one("child parrot_left_number"), "1");
    assert_eq!(said.one("child parrot_left_phase"), RUNNING);
    assert_eq!(said.one("child parrot_generation"), "2");
    assert_eq!(said.one("child parrot_child"), "1");
    assert_eq!(said.one("child parrot_boots"), "2");
    assert_eq!(said.one("child parrot_wrong"), "0");
    // The parent's library is unaffected.
    assert_eq!(said.one("parrot_done"), "1");
    assert_eq!(said.all("parrot_forks"), ["0", "0"]);
    assert_eq!(said.one("parrot_generation"), "1");
    assert_eq!(said.one("parrot_child"), "0");
    assert_eq!(said.one("parrot_boots"), "1");
    assert_eq!(said.one("parrot_wrong"), "0");
}

#[test]
fn forked_during_boot_the_child_is_told_so() {
    // The child's boot is slow too.
    let said = said(
        "slow=1500",
        &format!("until parrot_boots 1 fork {ASK} join {ASK}"),
    );
    assert_eq!(said.one("child parrot_left_phase"), BOOTING);
    assert_eq!(said.one("child parrot_generation"), "2");
    assert_eq!(said.one("child parrot_wrong"), "0");
    assert_eq!(said.one("parrot_generation"), "1");
    assert_eq!(said.one("parrot_wrong"), "0");
}

#[test]
fn what_has_failed_in_the_parent_is_tried_afresh_in_the_child() {
    let steps = format!(
        "call parrot_ping fork call parrot_code {ASK} join call parrot_ping text parrot_error"
    );
    let said = said("once", &steps);
    assert_eq!(said.one("child parrot_code"), "0");
    assert_eq!(said.one("child parrot_left_phase"), FAILED);
    assert_eq!(said.one("child parrot_generation"), "2");
    assert_eq!(said.all("parrot_ping"), ["-2", "-2"]);
    assert_eq!(said.one("parrot_error"), "not at the first try");
}

#[test]
fn a_child_that_finds_nothing_is_told_of_nothing() {
    // Shut down before the fork.
    let said = said(
        "main",
        &format!("call parrot_ping call1 parrot_shutdown 20000 fork {ASK} join"),
    );
    assert_eq!(said.all("child parrot_forks"), ["0", "0"]);
    assert_eq!(said.one("child parrot_generation"), "2");
    assert_eq!(said.one("child parrot_child"), "1");
    // Forked before the library was booted.
    let library = library("capi/parrot.c", &["-DMORE=.start=RT0_START_LAZY"]);
    let said = Said::of(&load(&library, &format!("fork {ASK} join {ASK}")).run());
    assert_eq!(said.all("child parrot_forks"), ["0", "0"]);
    assert_eq!(said.one("child parrot_generation"), "1");
    assert_eq!(said.one("parrot_generation"), "1");
}

#[test]
fn a_child_shuts_its_own_down_and_boots_again() {
    let steps = "call parrot_ping fork call parrot_ping call1 parrot_shutdown 20000 call parrot_generation \
                 call parrot_forks call parrot_wrong join call parrot_generation call parrot_stops";
    let said = said("main", steps);
    assert_eq!(said.one("child parrot_shutdown"), "0");
    assert_eq!(said.one("child parrot_generation"), "3");
    assert_eq!(said.one("child parrot_forks"), "1");
    assert_eq!(said.one("child parrot_wrong"), "0");
    assert_eq!(
        (said.one("parrot_generation"), said.one("parrot_stops")),
        ("1", "0")
    );
}

#[test]
fn a_child_of_several_threads_behind_the_handlers_gets_the_named_error() {
    let steps = "call parrot_ping until parrot_mains 1 _Fork call parrot_ping call parrot_done call parrot_start \
                 call1 parrot_shutdown 1000 join call parrot_ping";
    let said = said("main", steps);
    assert_eq!(said.one("child parrot_ping"), "-6", "FORKED");
    assert_eq!(said.one("child parrot_done"), "0");
    assert_eq!(said.one("child parrot_start"), "-6");
    assert_eq!(said.one("child parrot_shutdown"), "-6");
    assert_eq!(said.all("parrot_ping"), ["1", "1"]);
}

#[test]
fn forked_at_any_moment_with_eight_threads_calling_every_child_is_served() {
    let host = rt0_hosts::cc::c("capi/rt0_forks.c", &[]);
    let ran = Host::new(host)
        .args([library("capi/parrot.c", &[]), "200".to_owned()])
        .env("PARROT", "main")
        .run();
    let said = Said::of(&ran);
    assert_eq!(said.one("well"), "200");
    assert_eq!((said.one("wrong"), said.one("boots")), ("0", "1"));
}
