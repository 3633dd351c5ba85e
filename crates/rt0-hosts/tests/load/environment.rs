//! A host may change its environment at any time, so the library may not read it after the load. And it may be
//! large.

use rt0_hosts::cc;
use rt0_hosts::fixture::fixture;
use rt0_hosts::require::skipped;
use rt0_hosts::steps::{Said, opening};
use rt0_hosts::watchdog::Host;

/// Nor may std or tokio, when rt0 uses them: in a boot, calls, panics, a shutdown and the next boot.
#[test]
fn the_environment_is_not_read_after_the_load() {
    let (probe, calm) = (fixture("probe"), fixture("calm"));
    let ran = Host::new(cc::c(
        "load/environment.c",
        &[&probe.include(), "-rdynamic"],
    ))
    .args([probe.library(), calm.library()])
    .run();
    assert_eq!(ran.ok(), "");
}

/// How many instructions this host executes in an environment with so many variables of 64 bytes.
fn instructions(steps: &str, variables: usize) -> Result<u64, String> {
    let all = (0..variables).map(|i| (format!("VARIABLE_{i:04}"), "x".repeat(49)));
    let ran = Host::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(opening())
        .args(steps.split_whitespace())
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("RT0_WORKERS", "1")
        .envs(all)
        .run();
    let said = String::from_utf8_lossy(&ran.stderr);
    said.lines()
        .find_map(|line| line.split_once("Collected :"))
        .and_then(|(_, number)| number.trim().parse().ok())
        .ok_or_else(|| said.trim().to_owned())
}

/// How many instructions a variable of 64 bytes costs a boot. They are counted, not timed, and what the C library does
/// with the variables is taken off.
fn for_a_variable(library: &str, name: &str) -> Result<u64, String> {
    let more = |steps: &str| {
        let [few, many] = [16, 1024].map(|variables| instructions(steps, variables));
        Ok::<_, String>(many?.saturating_sub(few?))
    };
    let of_the_host = more("")?;
    let all = more(&format!("load {library} call1 {name}_wait 20000"))?;
    Ok(all.saturating_sub(of_the_host) / 1008)
}

/// It is copied once. Each setting that a boot looks up would cost another walk through it.
#[test]
fn a_large_environment_hardly_costs_a_boot_more() {
    let more = match for_a_variable(&fixture("hello").library(), "hello") {
        Ok(more) => more,
        Err(why) => return skipped("a_large_environment_hardly_costs_a_boot_more", &why),
    };
    // Not optimised, the copy takes 1,350 instructions a variable.
    assert!(more < 2000, "{more} instructions for a variable");
}

/// If init takes no `Args`, only the settings are copied, also those that the host has set before the load.
#[test]
fn without_the_copy_the_settings_are_obeyed() {
    let steps = format!(
        "setenv RT0_START_CURT manual setenv OTHER 1 load {} setenv RT0_START_CURT load call1 curt_wait 200 \
         call curt_named_boot call curt_start call1 curt_wait 20000 call curt_named_boot",
        fixture("curt").library()
    );
    let host = Host::new(opening()).args(steps.split_whitespace());
    let said = Said::of(&host.env("RT0_RETRY", "never").run());
    assert_eq!(said.all("curt_wait"), ["-11", "0"]);
    assert_eq!(said.all("curt_named_boot"), ["0", "1"]);
}

/// An allocator, for one, may ask while tokio is answered from the copy.
#[test]
fn without_the_copy_the_authors_code_gets_its_answers_as_always() {
    let steps = "setenv CURT_ALLOCATOR 1 load LIBRARY call1 curt_wait 20000 call curt_missed";
    let steps = steps.replace("LIBRARY", &fixture("curt").library());
    let host = Host::new(opening()).args(steps.split_whitespace());
    assert_eq!(Said::of(&host.run()).one("curt_missed"), "0");
}

/// std asks for the size of a stack before the first thread that has none of its own, whoever makes it. A size that
/// the host sets after the load, and that no thread can have, shows whether it was read.
#[test]
fn a_thread_without_a_stack_size_does_not_read_the_hosts_environment() {
    let steps = format!(
        "load {} setenv RUST_MIN_STACK 1152921504606846976 call1 probe_wait 20000",
        fixture("probe").library()
    );
    let host = Host::new(opening()).args(steps.split_whitespace());
    let ran = host
        .env("RT0_START", "lazy")
        .env("PROBE_BOOT", "threads:1")
        .run();
    assert_eq!(Said::of(&ran).one("probe_wait"), "0");
}
