//! The first call makes the runtime; loading does nothing.

#[path = "../../by_hand/mod.rs"]
mod by_hand;

use by_hand::{STARTED, Started, start};

#[inline(always)]
fn started() -> &'static Started {
    STARTED.get_or_init(start)
}
