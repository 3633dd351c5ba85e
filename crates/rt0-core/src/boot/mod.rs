//! The boot: who runs it, and what happens before and after the library's own boot function.
//!
//! Three threads can come to run it (`protocol/README.md` draws the states):
//!
//! - the boot thread, as a rule ([`thread`]);
//! - the thread inside the `dlopen` that loads us, when a constructor of another library calls us:
//!   the boot thread is then still behind the loader barrier;
//! - a caller, when the operating system gives us no thread (`call/caller.rs`): the last resort; or when the start policy
//!   is `quiet`, and we ask for none.
//!
//! The latter two run it on a stack of our own, with signals blocked and cancellation off.
//!
//! And a fourth, the stand-in: a thread that a caller gets when the boot thread does not come back from
//! the loader barrier, because some other thread is inside some other `dlopen`. (It may be the caller.)

mod barrier;
mod run;
mod stand_in;
mod thread;

pub(crate) use self::barrier::{
    in_constructor, is_boot_thread_at_barrier, next_look, outside_dlopen,
};
pub(crate) use self::run::{on_own_thread, run};
pub(crate) use self::stand_in::make_stand_in;
pub use self::thread::join_or_leave_boot_thread;
pub(crate) use self::thread::{TRIES, join_boot_thread, make_boot_thread, schedule};
