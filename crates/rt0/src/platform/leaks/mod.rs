//! Prevents false reports from LeakSanitizer (alone, or in AddressSanitizer).
//!
//! When a process exits, LeakSanitizer reports memory that no static and no thread points to. A fork's child
//! has none of its parent's threads, so memory that only their stacks point to would be reported; each of
//! tokio's workers has some. Memory that only a thread-local points to would be reported too: when the child
//! makes a thread, glibc reuses the stack of a thread that is gone, and frees its thread-locals. So whatever
//! std and tokio allocate for the boot thread and the workers is declared not to be a leak.
//! `generation/mod.rs` and `interpose/thread_atexit` handle the other cases.
//!
//! Each system provides two functions:
//!
//! - `are_looked_for`: whether this process has a leak checker;
//! - `unnoticed` runs a closure. What the closure allocates on this thread is never reported as a leak.

#[cfg(windows)]
mod none;
#[cfg(not(windows))]
mod unix;

#[cfg(windows)]
use self::none as system;
#[cfg(not(windows))]
use self::unix as system;

pub(crate) use self::system::{are_looked_for, unnoticed};
