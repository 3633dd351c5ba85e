//! What a load does, and the first call after it.

use rt0_hosts::fixture::fixture;
use rt0_hosts::steps::{Said, linked_with, load};
use rt0_hosts::watchdog::Host;

#[test]
fn immediate_call() {
    let probe = fixture("probe");
    let said = Said::of(&load(&probe.library(), "call probe_ping call probe_generation").run());
    assert_eq!(said.one("probe_ping"), "1");
    assert_eq!(said.one("probe_generation"), "1");
}

#[test]
fn immediate_call_when_linked() {
    let probe = fixture("probe");
    let host = Host::new(linked_with(&probe)).args(["call", "probe_ping", "call", "probe_boots"]);
    let said = Said::of(&host.run());
    assert_eq!(said.one("probe_ping"), "1");
    assert_eq!(said.one("probe_boots"), "1");
}

#[test]
fn slow_boot_does_not_block_load() {
    let library = fixture("probe").library();
    let mut said = None;
    // On a busy machine the host may be delayed between its load and its call, so that the call waits less.
    let seen = (0..3).any(|_| {
        let host = load(&library, "call probe_ping call probe_generation");
        let now = said.insert(Said::of(&host.env("PROBE_BOOT", "sleep:300").run()));
        assert_eq!(now.one("probe_ping"), "1");
        let waited = now.micros("probe_ping") >= 200_000;
        // Calls do not wait at an open gate.
        waited && now.micros("load") < 100_000 && now.micros("probe_generation") < 100_000
    });
    assert!(seen, "{}", said.as_ref().map_or("", Said::text));
}

#[test]
fn slow_boot_does_not_block_the_start_of_a_program() {
    let probe = fixture("probe");
    let host = Host::new(linked_with(&probe)).args(["call", "probe_state", "call", "probe_ping"]);
    let said = Said::of(&host.env("PROBE_BOOT", "sleep:1000").run());
    assert!(
        ["1", "2"].contains(&said.one("probe_state")),
        "{}",
        said.text()
    );
    assert_eq!(said.one("probe_ping"), "1");
}

#[test]
fn boots_without_a_call() {
    let probe = fixture("probe");
    let said = Said::of(
        &load(
            &probe.library(),
            "until probe_state 3 call probe_boots string probe_init_thread probe_free",
        )
        .run(),
    );
    assert_eq!(said.one("probe_boots"), "1");
    assert_eq!(said.one("probe_init_thread"), "probe-boot");
}

#[test]
fn a_second_open_is_not_a_second_boot() {
    let library = fixture("probe").library();
    let steps = format!("call probe_boots load {library} call probe_boots");
    let said = Said::of(&load(&library, &steps).run());
    assert_eq!(said.all("probe_boots"), ["1", "1"]);
}

/// No exports, no tokio: it boots on the plain boot thread.
#[test]
fn no_exports_and_no_tokio() {
    let silent = fixture("silent");
    let out = rt0_hosts::scratch().join(format!("silent-{}", std::process::id()));
    let host = load(
        &silent.library(),
        "until silent_state 3 call1 silent_wait 0",
    );
    let said = Said::of(&host.env("SILENT_OUT", &out).run());
    assert_eq!(said.one("silent_wait"), "0");
    let text = std::fs::read_to_string(&out).expect("init writes it before the gate opens");
    let _ = std::fs::remove_file(&out);
    assert!(text.starts_with("thread silent-boot\n"), "{text}");
    assert!(text.contains("\narg load\n"), "{text}");
    // The library's name is part of these symbols.
    let has_tokio = |path: String| {
        let image = std::fs::read(path).expect("it was built");
        let name = b"5tokio7runtime";
        image.windows(name.len()).any(|window| window == name)
    };
    assert!(!has_tokio(silent.library()), "no tokio was asked for");
    assert!(
        has_tokio(fixture("probe").library()),
        "the same look where there is one"
    );
}
