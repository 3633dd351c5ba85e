//! One async export.

use rt0_core::Status;

use crate::failure::Failure;

/// One async export. There is one `static` of it for each; its address is the export's identity.
pub struct Kind {
    /// The export's name in C: that of the blocking twin.
    symbol: &'static str,
    /// How long an op may take, unless the host says otherwise.
    timeout_ms: Option<u32>,
    /// Whether the result is a handle, which belongs to the generation that made it.
    of_generation: bool,
}

impl Kind {
    /// `symbol` is the export's name in C, without `_begin`; `of_generation`: the result is a handle.
    pub const fn new(symbol: &'static str, timeout_ms: Option<u32>, of_generation: bool) -> Kind {
        Kind {
            symbol,
            timeout_ms,
            of_generation,
        }
    }

    pub(super) fn symbol(&self) -> &'static str {
        self.symbol
    }

    pub(super) fn timeout_ms(&self) -> Option<u32> {
        self.timeout_ms
    }

    pub(super) fn is_of_generation(&self) -> bool {
        self.of_generation
    }

    /// Whether both are the same export.
    pub(super) fn is(&self, other: &Kind) -> bool {
        std::ptr::eq(self, other)
    }

    /// One of rt0's errors about a call of this export: `begin`, `end`.
    #[cold]
    pub(super) fn failure(&self, call: &str, status: Status, text: &str) -> Failure {
        let symbol = self.symbol;
        Failure::with_text(status.code(), format!("{symbol}_{call}: {text}"))
    }

    /// The outcome of an op that has no value.
    #[cold]
    pub(super) fn outcome(&self, status: Status) -> Failure {
        let symbol = self.symbol;
        let text = match status {
            Status::TimedOut => "the operation did not finish in time and was dropped",
            Status::Stopped => "the library was shut down before the operation was done",
            other => other.text(),
        };
        Failure::with_text(status.code(), format!("{symbol}: {text}"))
    }
}
