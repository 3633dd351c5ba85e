//! Several libraries in one process, and one library twice.

use rt0_hosts::cc;
use rt0_hosts::fixture::fixture;
use rt0_hosts::steps::{Said, load};
use rt0_hosts::watchdog::Host;

#[test]
fn two_libraries() {
    let (probe, calm, pair) = (
        fixture("probe").library(),
        fixture("calm").library(),
        fixture("pair").library(),
    );
    let steps = format!(
        "load {calm} load {pair} call pair_generation load {probe} call probe_generation \
         load {calm} call calm_open call calm_open named 1 probe-boot named 1 calm-boot named 1 probe- named 1 pair- threads \
         load {pair} call1 pair_shutdown 5000 call pair_state threads \
         load {calm} call calm_open load {probe} call probe_generation call probe_boots"
    );
    let said = Said::of(&load(&probe, &steps).env("RT0_WORKERS", "1").run());
    let names: Vec<_> = said
        .all("thread")
        .iter()
        .filter_map(|line| line.split(' ').next())
        .collect();
    for name in ["probe-boot", "calm-boot", "probe-0", "pair-0"] {
        assert!(names.contains(&name), "no {name}\n{}", said.text());
    }
    // The end of one leaves the others alone.
    assert_eq!(said.one("pair_generation"), "1");
    assert_eq!(said.one("pair_state"), "0");
    assert_eq!(said.all("calm_open"), ["1", "2", "3"]);
    assert_eq!(said.all("probe_generation"), ["1", "1"]);
    assert_eq!(said.one("probe_boots"), "1");
}

/// The same file under another path is another library to the loader, with the same symbols.
#[test]
fn two_copies_of_one_library() {
    let calm = fixture("calm");
    let copy = calm.copy("libcopy.so");
    let steps = format!(
        "call calm_open call calm_open load {copy} call calm_state call calm_open \
         call1 calm_shutdown 5000 call calm_state load {} call calm_state call calm_open",
        calm.library()
    );
    let said = Said::of(&load(&calm.library(), &steps).run());
    assert_eq!(said.all("calm_state"), ["0", "0", "3"]);
    assert_eq!(said.all("calm_open"), ["1", "2", "1", "3"]);
}

/// A host that is linked with a library, or opens it with RTLD_GLOBAL, offers its symbols to every file. A first call
/// runs the library's own code all the same, and not that of another copy.
#[test]
fn a_copy_whose_symbols_are_global_answers_no_calls_of_another() {
    let calm = fixture("calm");
    let [global, other] = ["libglobal.so", "libother.so"].map(|name| calm.copy(name));
    let steps = format!(
        "global {global} call calm_open call calm_open load {other} call calm_open call calm_open"
    );
    let said = Said::of(&load(&calm.library(), &steps).run());
    assert_eq!(said.all("calm_open"), ["1", "2", "1", "2"]);
}

#[test]
fn each_copy_boots_once() {
    let probe = fixture("probe");
    let copy = probe.copy("libcopy.so");
    let steps = format!(
        "load {copy} many 16 probe_boots load {} many 16 probe_boots",
        probe.library()
    );
    let said = Said::of(&load(&probe.library(), &steps).run());
    assert_eq!(said.all("many probe_boots"), ["1 x 16", "1 x 16"]);
}

/// Also with RTLD_GLOBAL: no symbol of one binds to another library.
#[test]
fn in_the_global_scope() {
    let probe = fixture("probe");
    let copy = probe.copy("libglobal.so");
    let steps = format!(
        "global {copy} call probe_generation global {} call probe_generation \
         call1 probe_shutdown 5000 call probe_state load {copy} call probe_state call probe_boots",
        probe.library()
    );
    let said = Said::of(&load(&fixture("calm").library(), &steps).run());
    assert_eq!(said.all("probe_generation"), ["1", "1"]);
    assert_eq!(said.all("probe_state"), ["0", "3"]);
    assert_eq!(said.one("probe_boots"), "1");
}

/// Handles and buffers of one library passed to another are refused, and remain valid. A copy is the hardest case.
#[test]
fn what_belongs_to_another_is_refused() {
    let probe = fixture("probe");
    let host = cc::c("manners/strangers.c", &[&probe.include()]);
    let copy = probe.copy("libstranger.so");
    let ran = Host::new(host).args([probe.library(), copy]).run();
    assert_eq!(ran.ok(), "");
}
