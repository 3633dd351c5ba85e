//! A runtime in C on `rt0.h`: its boot, its gate, its ends.

use std::time::Duration;

use rt0_hosts::capi::library;
use rt0_hosts::steps::{Said, load, opening};
use rt0_hosts::watchdog::Host;

fn parrot() -> String {
    library("capi/parrot.c", &[])
}

/// A host that does these steps with the library, whose boot gets these words. At the end it asks the library
/// whether anything went wrong inside.
fn host(words: &str, steps: &str) -> Host {
    load(&parrot(), &format!("{steps} call parrot_wrong"))
        .env("PARROT", words)
        .limit(Duration::from_secs(30))
}

#[track_caller]
fn said(words: &str, steps: &str) -> Said {
    let said = Said::of(&host(words, steps).run());
    for wrong in said.all("parrot_wrong") {
        assert_eq!(wrong, "0", "{}", said.text());
    }
    said
}

#[test]
fn a_call_right_after_the_load_is_answered() {
    let said = said(
        "",
        "call parrot_ping call parrot_boots call parrot_done threads",
    );
    assert_eq!(said.one("parrot_ping"), "1");
    assert_eq!(said.one("parrot_boots"), "1");
    assert_eq!(said.one("parrot_done"), "1");
}

#[test]
fn the_load_does_not_wait_for_a_slow_boot_and_calls_do() {
    let said = said(
        "slow=3000",
        "call parrot_done call1 parrot_wait 0 call1 parrot_wait 1 named 1 parrot_lib-boot \
         call1 parrot_wait -1 call parrot_done",
    );
    assert!(said.micros("load") < 2_000_000, "{}", said.text());
    assert_eq!(said.all("parrot_done"), ["0", "1"]);
    assert_eq!(said.all("parrot_wait"), ["-1", "-1", "0"]);
}

#[test]
fn sixteen_threads_at_the_gate_meet_one_boot() {
    let said = said("slow=100", "many 16 parrot_ping call parrot_boots");
    assert_eq!(said.one("many parrot_ping"), "1 x 16");
    assert_eq!(said.one("parrot_boots"), "1");
}

#[test]
fn what_boot_says_went_wrong_is_what_calls_get() {
    let steps = "call parrot_ping call parrot_code text parrot_error text parrot_cut_error call parrot_ping \
                 call1 parrot_shutdown 20000 call parrot_code text parrot_error call parrot_too_late";
    let said = said("fail", steps);
    assert_eq!(said.all("parrot_ping"), ["-2", "-2"], "BOOT_FAILED");
    assert_eq!(said.all("parrot_code"), ["7", "0"]);
    assert_eq!(said.all("parrot_error"), ["no words in stock", ""]);
    assert_eq!(said.one("parrot_cut_error"), "17 no w ##");
    assert_eq!(said.one("parrot_shutdown"), "0");
    assert_eq!(said.one("parrot_too_late"), "-10", "INVALID_HANDLE");
}

#[test]
fn a_code_that_boot_returns_is_what_calls_get() {
    let steps = "call parrot_ping call parrot_code text parrot_error";
    for (returned, call) in [("-17", "-17"), ("-12345", "-2"), ("41", "-2")] {
        let said = said(&format!("fails={returned}"), steps);
        assert_eq!(said.one("parrot_ping"), call);
        assert_eq!(said.one("parrot_code"), returned);
        let own = said.one("parrot_error") == "the library's own error";
        assert_eq!(own, call == "-2", "{}", said.text());
    }
}

#[test]
fn a_boot_that_does_not_notify_is_a_named_error() {
    let said = said(
        "silent",
        "call parrot_ping text parrot_error text parrot_status_text call parrot_too_late",
    );
    assert_eq!(said.one("parrot_ping"), "-14", "NOT_NOTIFIED");
    assert!(
        said.one("parrot_error").contains("must report it"),
        "{}",
        said.text()
    );
    assert_eq!(said.one("parrot_error"), said.one("parrot_status_text"));
    assert_eq!(said.one("parrot_too_late"), "-10", "INVALID_HANDLE");
}

#[test]
fn a_table_without_a_boot_is_a_named_error() {
    let library = library("capi/parrot.c", &["-DBOOT=0"]);
    let steps = "call parrot_ping call parrot_code text parrot_error call1 parrot_shutdown 20000";
    let said = Said::of(&load(&library, steps).run());
    assert_eq!(said.one("parrot_ping"), "-13", "NO_BOOT_ENTRY");
    assert_eq!(said.one("parrot_code"), "-13");
    assert!(
        said.one("parrot_error").contains("boot function"),
        "{}",
        said.text()
    );
}

#[test]
fn a_wrong_table_is_an_error_that_names_the_member() {
    for (option, word) in [
        ("-DSIZE=8", "`size`"),
        ("-DSIZE=SIZE_MAX", "`size`"),
        ("-DMORE=.name=\"\"", "`name`"),
        ("-DMORE=.name=\"\\377\"", "`name`"),
        ("-DMORE=.start=4", "`start`"),
        ("-DMORE=.flags=64", "`flags`"),
        ("-DMORE=.stack_size=1", "`stack_size`"),
        ("-DMORE=.wait_ms=-2", "`wait_ms`"),
        ("-DMORE=.attach=NULL", "`attach`"),
        ("-DMORE=.flags=RT0_UNLOADABLE", "`attach`"),
        ("-DMORE=.reserved=1", "too old"),
    ] {
        let library = library("capi/parrot.c", &[option, "-Wno-override-init"]);
        let said = Said::of(
            &load(
                &library,
                "call parrot_ping call parrot_code text parrot_error",
            )
            .run(),
        );
        assert_eq!(said.one("parrot_ping"), "-8", "{option}: INVALID_ARGUMENT");
        assert_eq!(said.one("parrot_code"), "-8");
        assert!(
            said.one("parrot_error").contains(word),
            "{option}: {}",
            said.text()
        );
    }
}

#[test]
fn another_thread_may_notify() {
    let said = said(
        "later",
        "call parrot_ping call parrot_boots call parrot_too_late",
    );
    assert_eq!(said.one("parrot_ping"), "1");
    assert_eq!(said.one("parrot_too_late"), "-10", "INVALID_HANDLE");
}

#[test]
fn boot_may_go_on_after_it_has_notified() {
    let steps = "until parrot_boots 1 call parrot_ping until parrot_shutdown_on_stay -5 call parrot_on_stay \
                 call1 parrot_shutdown 20000 call parrot_ping";
    let said = said("stay", steps);
    assert_eq!(said.all("parrot_ping"), ["1", "1"]);
    assert_eq!(said.one("parrot_on_stay"), "0");
    assert_eq!(said.one("parrot_shutdown"), "0");
}

#[test]
fn boot_is_heard_once_and_calls_of_its_own_are_answered() {
    let steps = "call parrot_inside_boot call parrot_inside_shutdown until parrot_again -10 call parrot_no_boot \
                 call parrot_bad_threads call parrot_no_thread call parrot_no_bare_thread";
    let said = said("", steps);
    assert_eq!(said.one("parrot_inside_boot"), "-4", "CALLED_FROM_BOOT");
    assert_eq!(said.one("parrot_inside_shutdown"), "-5", "WOULD_DEADLOCK");
    assert_eq!(said.one("parrot_no_boot"), "-10", "INVALID_HANDLE");
    assert_eq!(said.one("parrot_bad_threads"), "1");
    assert_eq!(said.one("parrot_no_thread"), "0");
    assert_eq!(said.one("parrot_no_bare_thread"), "0");
}

/// The thread waits at no gate and uses no C library; any remains of it would show in the second generation.
#[test]
fn a_thread_without_the_c_library_boots_the_runtime_and_is_gone() {
    let steps = "call parrot_done call parrot_ping until parrot_bare_mapped 0 alone \
                 call1 parrot_shutdown 20000 call parrot_ping until parrot_bare_mapped 0 alone";
    let said = said("bare", steps);
    assert_eq!(said.one("parrot_done"), "0");
    assert_eq!(said.all("parrot_ping"), ["1", "1"]);
    assert_eq!(said.one("parrot_shutdown"), "0");
}

#[test]
fn a_thread_can_be_made_before_there_is_a_runtime() {
    let lazy = library("capi/parrot.c", &["-DMORE=.start=RT0_START_LAZY"]);
    let steps = "call parrot_early_joined call parrot_ping call parrot_wrong";
    let host = load(&lazy, steps).env("PARROT_EARLY", "1");
    let said = Said::of(&host.env("PARROT", "").run());
    assert_eq!(said.one("parrot_early_joined"), "0", "{}", said.text());
    assert_eq!(said.one("parrot_ping"), "1");
    assert_eq!(said.one("parrot_wrong"), "0");
}

/// As if the constructor never ran: the call does its work.
#[test]
fn a_call_before_the_constructor_is_answered() {
    let steps = "call parrot_early_call call parrot_generation call parrot_boots text parrot_variable \
                 fork call parrot_generation call parrot_forks join call1 parrot_shutdown 20000 \
                 call parrot_generation call parrot_wrong";
    let host = load(&parrot(), steps)
        .env("PARROT_EARLY_CALL", "1")
        .env("PARROT_SAYS", "hello")
        .limit(Duration::from_secs(30));
    let said = Said::of(&host.run());
    assert_eq!(said.one("parrot_early_call"), "1");
    assert_eq!(said.one("parrot_boots"), "1");
    assert_eq!(said.one("parrot_variable"), "hello");
    assert_eq!(said.all("parrot_generation"), ["1", "2"]);
    assert_eq!(said.one("child parrot_generation"), "2");
    assert_eq!(said.one("child parrot_forks"), "1");
    assert_eq!(said.one("parrot_wrong"), "0");
}

/// The mask of the boot thread, as the host sees it.
fn boot_threads_mask(said: &Said) -> u64 {
    let boot = said
        .all("thread")
        .into_iter()
        .find(|line| line.starts_with("parrot_lib-boot "))
        .map(str::to_owned);
    let mask = boot.as_deref().and_then(|line| line.rsplit(' ').next());
    let mask = mask.and_then(|mask| u64::from_str_radix(mask, 16).ok());
    mask.unwrap_or_else(|| panic!("{}", said.text()))
}

#[test]
fn the_runtimes_threads_leave_signals_to_the_host() {
    let said = said("main", "until parrot_mains 1 threads");
    let mask = boot_threads_mask(&said);
    assert_ne!(mask & 1 << 14, 0, "SIGTERM is blocked: {}", said.text());
    assert_ne!(mask & 1 << 29, 0, "SIGPWR is blocked: {}", said.text());
    assert_eq!(mask & 1 << 10, 0, "SIGSEGV is not: {}", said.text());
}

/// With SIGPWR; and with SIGUSR1 only if the host's environment says so.
#[test]
fn a_hosts_collector_stops_the_runtimes_threads() {
    let steps = format!(
        "catch 30 catch 10 load {} until parrot_mains 1 threads",
        parrot()
    );
    let host = || {
        Host::compiled(opening())
            .args(steps.split_whitespace())
            .env("PARROT", "main")
    };
    let mask = boot_threads_mask(&Said::of(&host().run()));
    assert_eq!(mask & (1 << 29 | 1 << 9), 1 << 9, "{mask:x}");
    let usr = host().env("RT0_COLLECTOR_SIGNALS", "usr");
    let mask = boot_threads_mask(&Said::of(&usr.run()));
    assert_eq!(mask & (1 << 29 | 1 << 9), 0, "{mask:x}");
}

#[test]
fn arguments_and_environment_are_those_of_the_load() {
    let steps = "setenv PARROT_SAYS goodbye text parrot_arguments text parrot_variable call parrot_environment";
    let host = load(&parrot(), steps).args(["--", "a word", ""]);
    let said = Said::of(&host.env("PARROT_SAYS", "hello").run());
    let arguments = said.one("parrot_arguments");
    assert!(arguments.ends_with("|--|a word|"), "{arguments}");
    assert!(arguments.contains("|load|"), "{arguments}");
    assert_eq!(said.one("parrot_variable"), "hello");
    assert_eq!(said.one("parrot_environment"), "1");
}

#[test]
fn a_shutdown_ends_the_runtime_and_the_next_call_boots_another() {
    let steps = "call parrot_generation until parrot_mains 1 call1 parrot_shutdown 20000 call parrot_stops alone \
                 call parrot_done call parrot_generation until parrot_mains 2 call parrot_forks \
                 call1 parrot_shutdown 20000 call1 parrot_shutdown 20000";
    let said = said("main", steps);
    assert_eq!(said.all("parrot_generation"), ["1", "2"]);
    assert_eq!(said.all("parrot_shutdown"), ["0", "0", "0"]);
    assert_eq!(said.one("parrot_stops"), "1");
    assert_eq!(said.one("parrot_done"), "0");
    assert_eq!(said.one("parrot_forks"), "0");
}

#[test]
fn a_shutdown_that_main_does_not_hear_in_time_goes_on_with_the_next() {
    let steps = "call parrot_ping until parrot_mains 1 call1 parrot_shutdown 50 call parrot_ping \
                 call1 parrot_shutdown 20000 call parrot_stops call parrot_ping";
    let said = said("main deaf=3000", steps);
    assert_eq!(said.all("parrot_shutdown"), ["-15", "0"], "TIMED_OUT");
    assert_eq!(said.all("parrot_ping"), ["1", "-7", "1"], "STOPPED");
    assert_eq!(said.one("parrot_stops"), "2");
}

#[test]
fn an_exit_tells_the_runtime_and_keeps_the_hosts_code() {
    for words in ["main", "stay", "", "slow=300", "fail"] {
        // A call that comes before the boot thread may boot on its own thread, and then `stay` keeps it.
        host(words, "until parrot_boots 1 call parrot_ping exit 5")
            .run()
            .exits(5);
        host(words, "exit 5").run().exits(5);
    }
}

#[test]
fn policies_of_the_table_and_of_the_environment_hold() {
    let lazy = library("capi/parrot.c", &["-DMORE=.start=RT0_START_LAZY"]);
    let manual = library("capi/parrot.c", &["-DMORE=.start=RT0_START_MANUAL"]);
    let quiet = library(
        "capi/parrot.c",
        &[
            "-DMORE=.start=RT0_START_QUIET, .main=NULL",
            "-Wno-override-init",
        ],
    );
    let run = |library: &str, steps: &str| Said::of(&load(library, steps).run());
    let said = run(
        &lazy,
        "sleep 50 call parrot_boots call parrot_ping call parrot_boots",
    );
    assert_eq!(said.all("parrot_boots"), ["0", "1"]);
    let said = run(
        &manual,
        "call parrot_ping call parrot_start call parrot_ping",
    );
    assert_eq!(said.all("parrot_ping"), ["-11", "1"], "NOT_STARTED");
    assert_eq!(said.one("parrot_start"), "0");
    let said = run(&quiet, "call parrot_ping call parrot_inside_boot alone");
    assert_eq!(said.one("parrot_ping"), "1");
    assert_eq!(said.one("parrot_inside_boot"), "-4", "CALLED_FROM_BOOT");
    let host = load(&parrot(), "sleep 50 call parrot_boots call parrot_ping");
    let said = Said::of(&host.env("RT0_START_PARROT_LIB", "lazy").run());
    assert_eq!(
        (said.one("parrot_boots"), said.one("parrot_ping")),
        ("0", "1")
    );
}

#[test]
fn a_failed_boot_is_tried_again_where_the_table_says_so() {
    let retry = library(
        "capi/parrot.c",
        &["-DMORE=.flags=RT0_RETRY, .retry_pause_ms=1, .start=RT0_START_LAZY"],
    );
    let steps = "call parrot_ping sleep 50 call parrot_ping call parrot_boots call parrot_stops call parrot_forks";
    let said = Said::of(&load(&retry, steps).env("PARROT", "once").run());
    assert_eq!(said.all("parrot_ping"), ["-2", "1"]);
    assert_eq!(said.one("parrot_boots"), "2");
    assert_eq!(said.one("parrot_stops"), "1");
    assert_eq!(said.one("parrot_forks"), "0");
}
