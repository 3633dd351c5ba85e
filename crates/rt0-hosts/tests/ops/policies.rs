//! The same hosts under other start policies. Where only calls drive the runtime, those that wait for a tag or an op
//! drive it.

use crate::host;

/// Parts that do not leave it to the runtime's own threads to go on while the host is outside.
const DRIVEN: [(&str, &[&str]); 5] = [
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
    ("fork", &["none", "own", "ended", "thread", "exits"]),
];

#[track_caller]
fn under(start: &str, drives: bool) {
    for (name, parts) in DRIVEN {
        for part in parts {
            let mut host = host(name, part).env("RT0_START", start);
            if drives {
                host = host.env("OPS_DRIVES", "1");
            }
            assert_eq!(host.run().ok(), "", "{name} {part}");
        }
    }
}

#[test]
fn lazy() {
    under("lazy", false);
}

/// Calls drive the runtime.
#[test]
fn quiet() {
    under("quiet", true);
}
