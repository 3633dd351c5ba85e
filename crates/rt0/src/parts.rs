//! What an option of `#[rt0::init]` adds to the ends of the library: async exports have ops to complete, and events a
//! thread to end.
//!
//! A part catches its own panics and those of the code that it calls, and marks the thread as one of the library's own
//! if it runs the author's or the host's code (`runtime::as_own_thread`).
//!
//! The library reaches its parts through `Config.parts` only, so a library without such an option contains none of
//! their code.

use rt0_core::sync::Deadline;

/// The parts of a library.
pub type Parts = &'static [&'static dyn Part];

/// One such part. A library without such an option has an empty list.
pub trait Part: Sync {
    /// Runs the author's init, once, with what the part wants around it.
    fn around_init(&self, init: &mut dyn FnMut()) {
        init();
    }

    /// A shutdown has closed the gate, and waits for the calls inside: wakes those who wait inside for the library's
    /// work.
    fn closing(&self) {}

    /// A shutdown has closed the gate, all calls have left, and main has ended. The generation is still there, and its
    /// runtime runs, unless it is lost.
    fn closed(&self, deadline: Deadline);

    /// In the same shutdown the runtime has ended, or was left because it is lost. The state is still there.
    fn ended(&self, deadline: Deadline);

    /// In the place of both: a shutdown has found no generation. No gate is closed, so another thread may have begun
    /// the next one, which goes on.
    fn idle(&self) {}

    /// The library ends ahead of the process, or the process exits: wakes those who wait, for nobody may wait any
    /// more.
    fn refuse(&self);

    /// The runtime of this generation is lost. Called once for each runtime, by whoever notices, perhaps on a thread
    /// that drives the runtime: must not block. Never called under a lock of ours. If that thread is slow, the next
    /// generation may be there already, which has lost nothing.
    fn lost(&self, generation: u32);

    /// Nothing of the library is left to end: the last step of a shutdown, and what the exit of the process and an end
    /// ahead of it do last even if they could not end everything. From now on, until the next boot, the part calls
    /// nobody.
    ///
    /// # Errors
    /// The deadline has passed, and a call of the host's is under way. The text says which.
    fn over(&self, deadline: Deadline) -> Result<(), String> {
        let _ = deadline;
        Ok(())
    }
}

/// In the place of a part whose feature is missing, which is an error at compile time.
pub const NO_PART: &dyn Part = &NoPart;

struct NoPart;

impl Part for NoPart {
    fn closed(&self, _: Deadline) {}
    fn ended(&self, _: Deadline) {}
    fn refuse(&self) {}
    fn lost(&self, _: u32) {}
}
