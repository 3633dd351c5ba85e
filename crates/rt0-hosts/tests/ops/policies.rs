//! The same hosts under other start policies. Where only calls drive the runtime, those that wait for a tag or an op
//! drive it.

use rt0_hosts::cc;
use rt0_hosts::fixture::with_feature;
use rt0_hosts::watchdog::Host;

use crate::host;

/// Parts that do not leave it to the runtime's own threads to go on while the host is outside.
const DRIVEN: [(&str, &[&str]); 6] = [
    (
        "completion",
        &[
            "result", "error", "panic", "copies", "order", "waits", "not-done", "once", "twin",
            "wrong",
        ],
    ),
    (
        "cancel",
        &[
            "dropped",
            "told",
            "own-error",
            "too-late",
            "twice",
            "freed",
            "freed-told",
            "freed-done",
            "race",
            "deadline",
            "own-deadline",
        ],
    ),
    (
        "queue",
        &["busy", "takers", "sleepers", "freed", "freed-ops"],
    ),
    (
        "shutdown",
        &[
            "open", "tags", "takers", "results", "next", "begins", "state", "rounds", "end", "twin",
        ],
    ),
    ("fork", &["none", "own", "thread", "exits"]),
    ("inside", &["worker", "call"]),
];

/// Runs all of them; `host` makes a host for a part.
#[track_caller]
fn under(host: impl Fn(&str, &str) -> Host) {
    for (name, parts) in DRIVEN {
        for part in parts {
            assert_eq!(host(name, part).run().ok(), "", "{name} {part}");
        }
    }
}

#[test]
fn lazy() {
    under(|name, part| host(name, part).env("RT0_START", "lazy"));
}

/// Calls drive the runtime.
#[test]
fn quiet() {
    under(|name, part| {
        host(name, part)
            .env("RT0_START", "quiet")
            .env("OPS_DRIVES", "1")
    });
}

/// The boot thread drives it, and before that the calls.
#[test]
fn current_thread() {
    let library = with_feature("porter", "single");
    for start in ["load", "lazy"] {
        under(|name, part| {
            Host::compiled(cc::linked(&format!("ops/{name}.c"), &library))
                .arg(part)
                .env("RT0_START", start)
        });
    }
}
