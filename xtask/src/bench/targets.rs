//! What rt0 promises: one line for each figure that must be met. A figure without a line is for information.

/// A promise.
pub struct Target {
    /// The row's name.
    pub id: &'static str,
    /// The row's case.
    pub case: &'static str,
    /// The figure may be at most this.
    pub most: f64,
}

const fn most(id: &'static str, case: &'static str, most: f64) -> Target {
    Target { id, case, most }
}

/// All of them, in the order of the table. 1 KB is 1000 bytes.
pub const TARGETS: &[Target] = &[
    most("load.total.vs-go", "1 processor", 0.25),
    most("load.total.vs-go", "2 processors", 0.28),
    most("load.total.vs-oncelock", "1 processor", 0.80),
    most("load.total.vs-oncelock", "2 processors", 0.95),
    most("load.total.vs-constructor.same-link", "1 processor", 0.90),
    most("load.total.vs-constructor.same-link", "2 processors", 1.00),
    most("load.total.vs-limit", "1 processor", 2.0),
    most("load.total.vs-limit", "2 processors", 2.0),
    most("load.faults", "in dlopen", 26.0),
    most("load.environment", "64 KB against 1 KB", 1.05),
    most("call.state.instructions", "usual", 6.0),
    most("call.state.instructions", "no static TLS left", 12.0),
    most("call.state.vs-oncelock", "1 thread", 1.05),
    most("call.state.vs-oncelock", "2 threads", 1.05),
    most("call.state.vs-oncelock", "20th copy", 1.5),
    most("call.state.vs-oncelock", "no static TLS left", 1.5),
    most("call.plain", "1 thread", 1.02),
    most("call.text", "1 thread", 1.08),
    most("fork.child-first-call", "against the parent's boot", 0.6),
    most("fork.cost", "1 library against none", 1.5),
    most("fork.cost", "200 copies against the constructor's", 1.2),
    most("exit.idle", "against the constructor's", 1.2),
    most("exit.busy", "against the constructor's", 1.2),
    most("shutdown.idle", "against the constructor's", 1.2),
    most("async.op", "one at a time, on a thread that takes", 1.5),
    most("async.op", "one at a time, in a loop", 1.5),
    most("async.op", "64 at once, in a loop", 1.5),
    most("async.memory", "1,000,000 open ops", 400.0),
    most("copies.50", "memory against Go's", 0.30),
    most("copies.50", "memory against the constructor's", 1.10),
    most("size.tokio.extra", "usual", 100_000.0),
    most("size.tokio.extra", "fat LTO", 75_000.0),
    most("size.no-tokio.extra", "usual", 70_000.0),
    most("size.core-only", "x86_64", 20_000.0),
    most("size.core-only", "aarch64", 24_000.0),
    most("size.core-only", "powerpc64le", 24_000.0),
];

/// The promise for this row.
pub fn find(id: &str, case: &str) -> Option<f64> {
    let mut all = TARGETS.iter();
    let found = all.find(|target| target.id == id && target.case == case);
    found.map(|target| target.most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_one_target() {
        for (at, one) in TARGETS.iter().enumerate() {
            let twice = TARGETS[..at]
                .iter()
                .any(|other| (other.id, other.case) == (one.id, one.case));
            assert!(!twice, "{} {}", one.id, one.case);
        }
        assert_eq!(find("load.faults", "in dlopen"), Some(26.0));
        assert_eq!(find("load.faults", "to the first answer"), None);
    }
}
