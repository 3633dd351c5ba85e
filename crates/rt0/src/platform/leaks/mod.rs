//! What LeakSanitizer (alone, or in AddressSanitizer) is told.
//!
//! When a process exits, it reports memory that no static and no thread points to. A fork's child has none of its
//! parent's threads, so whatever only their stacks pointed to would be reported: each of tokio's workers holds
//! some. So would whatever a thread-local pointed to: when the child makes a thread, glibc gives it the stack of
//! one that is gone, and frees that one's thread-locals. So what std and tokio allocate for the boot thread and
//! the workers is declared to be no leak. `generation/mod.rs` and `interpose/thread_atexit` have the rest of that
//! story.
//!
//! Each system gives two functions:
//!
//! - `are_looked_for`: whether somebody looks for leaks in this process;
//! - `unnoticed` runs a closure; what that allocates on this thread is no leak, wherever it is led to from.

#[cfg(windows)]
mod none;
#[cfg(not(windows))]
mod unix;

#[cfg(windows)]
use self::none as system;
#[cfg(not(windows))]
use self::unix as system;

pub(crate) use self::system::{are_looked_for, unnoticed};
