//! Nothing is supervised.

use std::io;
use std::time::Duration;

use crate::check::{Check, Stop, Verdict};
use crate::observed::{Seen, Watch};
use crate::plan::Plan;

/// Nothing runs this program again.
pub fn intercept() {}

/// No dynamic check is in the list.
pub fn run(_: &Check, _: &Plan, _: Duration) -> (Verdict, [u32; 2]) {
    (Err(Stop::skip("it runs on Linux only")), [0; 2])
}

/// As above.
pub fn in_this_process(_: &Check, _: Plan) -> Verdict {
    Err(Stop::skip("it runs on Linux only"))
}

/// As above.
pub fn watch(_: &Watch) -> io::Result<Seen> {
    Err(io::Error::other("that works on Linux only"))
}
