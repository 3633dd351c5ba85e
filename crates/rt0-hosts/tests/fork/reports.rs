//! What a child's report shows.

use rt0_hosts::fixture::fixture;
use rt0_hosts::steps::{Said, load};

#[test]
fn a_childs_report_shows_nothing_of_its_parent() {
    let steps = "call probe_ping call1 probe_shutdown 30000 take probe_report probe_free \
                 fork take probe_report probe_free call probe_ping take probe_report probe_free join";
    let library = fixture("probe").library();
    let host = load(&library, steps).env("RT0_START", "lazy");
    let said = Said::of(&host.run());
    let parents = said.one("probe_report");
    assert!(
        parents.contains("state-drops") && parents.contains("\"claimed\""),
        "{parents}"
    );
    let [before, after] = said.all("child probe_report")[..] else {
        panic!("{}", said.text());
    };
    assert!(
        before.contains("\"timeline_ns\":{},") && before.contains("\"steps\":[]"),
        "{before}"
    );
    // Its first call has begun its own boot, and waited.
    assert!(
        after.contains("\"wait\"") && !after.contains("state-drops"),
        "{after}"
    );
}
