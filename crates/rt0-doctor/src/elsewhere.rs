//! Where no library can be loaded under supervision: only the file is read.

use std::time::Duration;

use crate::check::{Check, Stop, Verdict};
use crate::plan::Plan;

/// There is none here.
pub struct Subject {
    never: std::convert::Infallible,
}

/// Nothing runs this program again.
pub fn intercept() {}

/// No dynamic check is in the list.
pub fn run(_: &Check, _: &Plan, _: Duration) -> Verdict {
    Err(Stop::skip("it runs on Linux only"))
}

/// As above.
pub fn in_this_process(_: &Check, _: Plan) -> Verdict {
    Err(Stop::skip("it runs on Linux only"))
}

/// There is no glibc.
pub fn glibc_version() -> Option<String> {
    None
}

impl Subject {
    /// It can't be made.
    pub fn none(&self) -> std::convert::Infallible {
        self.never
    }
}
