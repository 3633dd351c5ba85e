//! A host without stdin, stdout or stderr.

use rt0_hosts::cc;
use rt0_hosts::fixture::fixture;
use rt0_hosts::watchdog::Host;

/// A descriptor of ours under such a number would get what the host prints, or be what it reads; or a
/// script of a shell's would put a file over it.
#[test]
fn the_numbers_of_closed_streams_stay_free() {
    let host = cc::c("low.c", &[]);
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
