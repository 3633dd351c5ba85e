//! A host without stdin, stdout or stderr.

use std::time::Duration;

use rt0_hosts::cc;
use rt0_hosts::fixture::fixture;
use rt0_hosts::watchdog::Host;

/// If one of our descriptors had such a number, the host would print to it or read from it, or a shell script
/// would replace it with a file.
#[test]
fn the_numbers_of_closed_streams_stay_free() {
    let host = cc::c("manners/low.c", &[]);
    let library = fixture("probe").library();
    for (closed, open) in [
        ("", 7),
        ("<&-", 6),
        (">&-", 5),
        ("2>&-", 3),
        ("<&- >&- 2>&-", 0),
    ] {
        let script = format!("exec \"$0\" \"$1\" {closed}");
        for workers in ["1", "4"] {
            let ran = Host::new("sh")
                .args(["-c", &script])
                .arg(&host)
                .arg(&library)
                .env("RT0_WORKERS", workers)
                .run();
            assert_eq!(ran.status.code(), Some(open), "{closed}\n{ran}");
        }
    }
}

/// Bash closes a pipe's ends twice, the second time after its programs have ended: by then the number may be ours.
#[test]
fn a_host_that_closes_numbers_twice_does_not_hit_the_runtime() {
    let host = cc::c("manners/twice.c", &[]);
    let library = fixture("probe").library();
    for workers in ["1", "4"] {
        let ran = Host::new(&host)
            .arg(&library)
            .env("RT0_WORKERS", workers)
            .limit(Duration::from_secs(30))
            .run();
        let of_one = "wait=0\nspawned=0\nshutdown=0\n";
        assert_eq!(ran.ok(), of_one.repeat(2), "{ran}");
    }
}
