//! A host whose callers are inside a tokio runtime of its own.

use rt0_hosts::fixture::{fixture, program};
use rt0_hosts::steps::Said;
use rt0_hosts::watchdog::Host;

/// The library has its own copy of tokio, so blocking on it from the host's async code works. On one of the
/// library's own threads it can't: there the call gets tokio's own message.
#[test]
fn calls_from_async_code() {
    for flavor in ["multi_thread", "current_thread"] {
        let host = Host::new(program("rt0-hosts-async"))
            .args([flavor, &fixture("probe").library()])
            .env("PROBE_BOOT", "sleep:200")
            .env("RT0_WORKERS", "2");
        let said = Said::of(&host.run());
        assert_eq!(said.one("ping"), "1");
        assert_eq!(said.one("stay_blocked"), "5");
        for name in ["spawned", "blocking", "elsewhere", "again"] {
            assert!(said.one(name).starts_with("probe-"), "{}", said.text());
        }
        let nested = said.one("nested");
        assert!(
            nested.starts_with("error -3 probe_spawned panicked"),
            "{nested}"
        );
        assert!(nested.contains("from within a runtime"), "{nested}");
        assert_eq!(said.one("worker"), "0 1", "{}", said.text());
        let own = ["MultiThread", "CurrentThread"];
        assert_eq!(
            said.one("own"),
            own[usize::from(flavor == "current_thread")]
        );
        assert_eq!(said.one("shutdown"), "0");
    }
}
