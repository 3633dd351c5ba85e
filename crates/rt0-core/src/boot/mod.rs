//! The boot: which thread runs it, and what happens before and after the library's own boot function.
//!
//! Three threads can run it (`protocol/README.md` draws the states):
//!
//! - usually the boot thread ([`thread`]);
//! - the thread inside the `dlopen` that loads us, when a constructor of another library calls us there: the
//!   boot thread is then still behind the loader barrier;
//! - a caller, as a last resort when the operating system gives us no thread (`call/caller.rs`), or when the
//!   start policy is `quiet` and we don't ask for a thread.
//!
//! The latter two run it on a stack of our own, with signals blocked and cancellation off.
//!
//! A fourth is the stand-in. A caller makes this thread when the boot thread does not come back from the
//! loader barrier because some other thread is inside another `dlopen`. (That thread may be the caller
//! itself.)

mod barrier;
mod name;
mod run;
mod stand_in;
mod thread;

pub(crate) use self::barrier::{
    next_barrier_check, note_constructor_thread, passes_barrier_soon, wait_past_barrier,
};
pub use self::name::name_thread;
pub(crate) use self::run::{on_own_thread, run};
pub(crate) use self::stand_in::make_stand_in;
pub use self::thread::join_or_leave_boot_thread;
pub(crate) use self::thread::{TRIES, join_boot_thread, make_boot_thread, schedule};
