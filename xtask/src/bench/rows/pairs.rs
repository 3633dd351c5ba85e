//! The exports whose calls are measured, each with what an author would write by hand.

/// An export, and what an author would write by hand.
pub struct Pair {
    /// How the host calls it.
    pub kind: &'static str,
    /// The symbol with rt0.
    pub rt0: &'static str,
    /// The symbol without rt0.
    pub peer: &'static str,
    /// What the peer does.
    pub name: &'static str,
}

/// Two numbers; the peer does not look whether it is ready.
pub const PLAIN: Pair = Pair {
    kind: "add",
    rt0: "bench_add",
    peer: "ungated_add",
    name: "ungated",
};

/// A text and a Result.
pub const TEXT: Pair = Pair {
    kind: "length",
    rt0: "bench_length",
    peer: "ungated_length",
    name: "by hand",
};

/// The state; the peer looks at its `OnceLock`.
pub const STATE: Pair = Pair {
    kind: "number",
    rt0: "bench_number",
    peer: "hand_number",
    name: "OnceLock",
};
