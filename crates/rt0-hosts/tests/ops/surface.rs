//! What `#[rt0::export] async fn` writes: the twin, `_begin` and `_end`, with every type.

use rt0_hosts::cc;
use rt0_hosts::fixture::fixture;
use rt0_hosts::watchdog::Host;

#[test]
fn every_type_goes_in_and_comes_out() {
    let host = cc::linked("ops/surface.c", &fixture("errands"));
    assert_eq!(Host::compiled(host).run().ok(), "");
}
