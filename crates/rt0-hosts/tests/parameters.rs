//! What hosts pass, right and wrong: named errors, and the host lives.

use rt0_hosts::cc;
use rt0_hosts::fixture::fixture;
use rt0_hosts::watchdog::Host;

#[test]
fn bad_arguments() {
    let probe = fixture("probe");
    let [no_as_needed, library, rpath] = probe.linked();
    let args = [&probe.include(), &no_as_needed, &library, &rpath];
    let host = cc::c("parameters.c", &args.map(String::as_str));
    assert_eq!(Host::compiled(host).run().ok(), "");
}
