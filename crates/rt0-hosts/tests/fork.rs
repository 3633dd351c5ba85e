//! Forks of a host that has the library loaded.

use rt0_hosts::cc;
use rt0_hosts::fixture::fixture;
use rt0_hosts::steps::{Said, load};
use rt0_hosts::watchdog::Host;

#[test]
fn fork_child_boots() {
    let steps = "call probe_generation fork threads call probe_state call probe_generation \
                 call probe_fork_child call probe_boots threads take probe_report probe_free join \
                 call probe_generation call probe_fork_child call probe_boots";
    let said = Said::of(&load(&fixture("probe").library(), steps).run());
    let [before, after] = said.all("child threads")[..] else {
        panic!("{}", said.text());
    };
    assert_eq!(before, "1");
    assert_ne!(
        after,
        "1",
        "the child has threads of its own\n{}",
        said.text()
    );
    assert_eq!(said.one("child probe_state"), "0", "COLD");
    assert_eq!(said.one("child probe_generation"), "2");
    assert_eq!(said.one("child probe_fork_child"), "1");
    // The child's copy of the counter goes on from the parent's.
    assert_eq!(said.one("child probe_boots"), "2");
    assert!(
        said.one("child probe_report")
            .contains("\"fork_child\":true"),
        "{}",
        said.text()
    );
    // The parent does not notice.
    assert_eq!(said.all("probe_generation"), ["1", "1"]);
    assert_eq!(said.one("probe_fork_child"), "0");
    assert_eq!(said.one("probe_boots"), "1");
}

#[test]
fn fork_during_boot() {
    let steps = "fork call probe_generation call probe_fork_child join call probe_generation";
    let host = load(&fixture("probe").library(), steps);
    let said = Said::of(&host.env("PROBE_BOOT", "sleep:300").run());
    assert_eq!(said.one("child probe_fork_child"), "1");
    assert_eq!(said.one("probe_generation"), "1");
}

#[test]
fn a_childs_shutdown_is_its_own() {
    let steps = "call probe_ping fork call probe_ping call1 probe_shutdown 20000 alone \
                 call probe_generation join call probe_state call probe_generation \
                 call1 probe_shutdown 20000";
    let said = Said::of(&load(&fixture("probe").library(), steps).run());
    assert_eq!(said.one("child probe_shutdown"), "0");
    assert_eq!(said.one("child alone"), "1");
    assert_eq!(said.one("child probe_generation"), "3");
    assert_eq!(said.one("probe_state"), "3");
    assert_eq!(said.one("probe_generation"), "1");
    assert_eq!(said.one("probe_shutdown"), "0");
}

/// The host's own handler runs before the library's, which must leave alone what that one has booted.
#[test]
fn a_fork_handler_of_the_host_boots_the_child() {
    let host = cc::c("forkhook.c", &["-pthread"]);
    let ran = Host::new(host).arg(fixture("probe").library()).run();
    assert_eq!(ran.ok(), "parent 1\nhandler 2\nchild 2\nparent 1\n");
}
