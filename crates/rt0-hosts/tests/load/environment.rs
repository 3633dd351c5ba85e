//! A host may change its environment at any time, so the library may not read it after the load.

use rt0_hosts::cc;
use rt0_hosts::fixture::fixture;
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
