//! What the library's threads and descriptors look like to the host.

use rt0_hosts::fixture::fixture;
use rt0_hosts::steps::{Said, load, opening};
use rt0_hosts::watchdog::Host;

/// ILL, TRAP, BUS, FPE, SEGV, SYS: signals that a thread causes itself. And those that glibc uses internally.
const OPEN: [u32; 8] = [4, 5, 7, 8, 11, 31, 32, 33];
/// KILL and STOP can't be blocked.
const UNBLOCKABLE: [u32; 2] = [9, 19];

fn blocked(mask: &str, signal: u32) -> bool {
    let mask = u64::from_str_radix(mask, 16).expect("as the kernel writes it");
    mask >> (signal - 1) & 1 == 1
}

fn check_masks(said: &Said, step: &str, at_least: usize) {
    let threads: Vec<_> = said
        .all(step)
        .into_iter()
        .filter(|line| !line.starts_with("main "))
        .collect();
    assert!(threads.len() >= at_least, "{}", said.text());
    for thread in threads {
        let (name, mask) = thread.split_once(' ').expect("NAME MASK");
        assert!(name.starts_with("probe-"), "whose is {name}?");
        for signal in 1..=64 {
            if !UNBLOCKABLE.contains(&signal) {
                let right = !OPEN.contains(&signal);
                assert_eq!(blocked(mask, signal), right, "signal {signal} of {thread}");
            }
        }
    }
}

#[test]
fn signal_mask() {
    // 10 is SIGUSR1: the host's own mask, which must stay as it is.
    let library = fixture("probe").library();
    let steps = format!(
        "block 10 mask load {library} mask call probe_ping mask \
         string probe_blocking probe_free string probe_spawned probe_free mask \
         named 2 probe- named 1 probe-boot threads ids"
    );
    let ran = Host::new(opening())
        .args(steps.split_whitespace())
        .env("RT0_WORKERS", "1")
        .run();
    let said = Said::of(&ran);
    assert_eq!(said.all("mask"), ["0000000000000200"; 4]);
    assert_eq!(said.one("ids"), "0", "setresuid reaches every thread");
    assert!(
        said.one("probe_blocking").starts_with("probe-"),
        "{}",
        said.text()
    );
    // Boot, at least one worker, one made from the host's thread.
    check_masks(&said, "thread", 3);
}

#[test]
fn signal_mask_of_a_boot_that_a_call_began() {
    let host = load(
        &fixture("probe").library(),
        "block 10 call probe_ping mask string probe_blocking probe_free \
         named 2 probe- named 1 probe-boot threads",
    );
    let said = Said::of(&host.env("RT0_START", "lazy").env("RT0_WORKERS", "1").run());
    assert_eq!(said.one("mask"), "0000000000000200");
    check_masks(&said, "thread", 3);
}

#[test]
fn signal_mask_in_the_next_generation_and_in_a_forks_child() {
    let look = "string probe_blocking probe_free named 2 probe- named 1 probe-boot threads mask";
    let steps =
        format!("call probe_ping call1 probe_shutdown 5000 block 10 {look} fork {look} join mask");
    let host = load(&fixture("probe").library(), &steps);
    let said = Said::of(&host.env("RT0_WORKERS", "1").run());
    assert_eq!(said.all("mask"), ["0000000000000200"; 2]);
    assert_eq!(said.one("child mask"), "0000000000000200");
    check_masks(&said, "thread", 3);
    check_masks(&said, "child thread", 3);
}

#[test]
fn descriptors_close_on_exec() {
    let host = load(
        &fixture("probe").library(),
        "call probe_ping string probe_blocking probe_free files",
    );
    let said = Said::of(&host.env("PROBE_BOOT", "file").run());
    let files = said.all("file");
    assert!(
        files.iter().any(|file| file.contains("eventpoll")),
        "tokio's is there: {files:?}"
    );
    assert!(
        files.iter().any(|file| file.ends_with("/stat")),
        "init's is there: {files:?}"
    );
    assert!(
        files.iter().all(|file| file.starts_with("closes ")),
        "{files:?}"
    );
}

#[test]
fn threads_are_named_after_the_library() {
    let host = load(
        &fixture("probe").library(),
        "call probe_ping named 2 probe- named 1 probe-boot threads",
    );
    let said = Said::of(&host.env("RT0_WORKERS", "2").run());
    let mut names: Vec<_> = said
        .all("thread")
        .iter()
        .filter_map(|line| line.split(' ').next())
        .collect();
    names.retain(|name| *name != "main");
    assert!(
        names.contains(&"probe-boot") && names.contains(&"probe-0"),
        "{names:?}"
    );
    assert!(
        names.iter().all(|name| name.starts_with("probe-")),
        "{names:?}"
    );
}

/// `on_thread_start` and `on_thread_stop`: on two workers, one thread for a blocking task, and the boot
/// thread, which runs main.
#[test]
fn the_author_is_called_on_each_thread_of_the_runtime() {
    let steps = "call gates_block call1 gates_shutdown -1 call gates_threads";
    let host = load(&fixture("gates").library(), steps).env("RT0_WORKERS", "2");
    let said = Said::of(&host.run());
    assert_eq!(said.one("gates_block"), "7");
    assert_eq!(said.one("gates_shutdown"), "0");
    assert_eq!(said.one("gates_threads"), "404", "{}", said.text());
}

#[test]
fn a_panic_in_what_the_author_does_there_is_reported() {
    let steps =
        "call gates_block call gates_async take gates_report gates_free call1 gates_shutdown -1";
    let host = load(&fixture("gates").library(), steps)
        .env("RT0_WORKERS", "2")
        .env("GATES_THREADS", "panic");
    let said = Said::of(&host.run());
    assert_eq!(said.one("gates_block"), "7");
    assert_eq!(said.one("gates_async"), "7");
    let report = said.one("gates_report");
    for words in [
        "\"thread_error\":\"on_thread_start on ",
        "panicked at",
        "no thread for me",
    ] {
        assert!(report.contains(words), "`{words}` is missing: {report}");
    }
    assert_eq!(said.one("gates_shutdown"), "0");
}
