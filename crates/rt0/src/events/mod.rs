//! The library's `tracing` events, told to the host through one callback of its own.
//!
//! ```text
//!   any thread that says an event               the events' thread
//!   level, span names, text, without a lock     takes the first, with the lock
//!   into the queue, with the lock               calls the host, without it
//!   makes the thread if there is none           takes the next; sleeps if there is none
//! ```
//!
//! - [`host`]: what the host has registered, and the call of it.
//! - [`queue`]: the events that wait, and what is dropped.
//! - [`process`]: what a process has one of: the queue behind its lock, and the waits for an end. It is reached through
//!   the generation page, so a fork's child has none.
//! - [`thread`]: the thread that calls the host. [`inside`] knows it.
//! - [`subscriber`]: what tracing calls, and in [`spans`] the names of the spans that are open. With the feature
//!   `tracing-layer` the author has a subscriber of his own, and `layer` is the part of it that tells the host.
//! - [`recorder`]: notes the spans of init for the report, whether a host has registered or not.
//! - [`text`]: an event as a text.
//! - [`register`]: turns it on and off.
//!
//! But for the recorder, which lives as long as init runs, nothing of this exists until a host registers: no memory,
//! no thread, no subscriber. Once it is off again, each event of the author's costs a look at a word of tracing's own.

mod host;
mod inside;
#[cfg(feature = "tracing-layer")]
pub(crate) mod layer;
mod process;
mod queue;
mod recorder;
pub(crate) mod register;
mod spans;
mod subscriber;
mod text;
mod thread;

pub use self::host::Callback;

use rt0_core::sync::Deadline;

use self::process::Events;
use crate::of_process::OfProcess;
use crate::parts::Part;

/// What `#[rt0::init(tracing)]` adds to the ends of the library.
pub static PART: &dyn Part = &Told;

struct Told;

impl Part for Told {
    fn around_init(&self, init: &mut dyn FnMut()) {
        recorder::around(init);
    }

    fn closed(&self, _: Deadline) {}

    fn ended(&self, _: Deadline) {}

    fn refuse(&self) {}

    fn lost(&self, _: u32) {}

    // The last of all: the author's exit and his destructors say events, too.
    fn over(&self, deadline: Deadline) -> Result<(), String> {
        Events::present().map_or(Ok(()), |events| events.end(deadline))
    }
}
