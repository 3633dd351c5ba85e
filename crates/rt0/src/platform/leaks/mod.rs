//! What a checker of leaks is told (LeakSanitizer, alone or as a part of AddressSanitizer).
//!
//! It looks at a process that exits, and says that memory has leaked which no static and no thread leads to.
//! In a fork's child the parent's threads are not there, and what only their stacks have led to, as what each
//! worker of tokio's has in its hands, would be such. So would be what a thread-local has led to: when the
//! child makes a thread, glibc gives it the stack of one that is gone, and frees that one's thread-locals. So
//! what std and tokio make for the boot thread and for the workers is said to be none. `generation/mod.rs`
//! and `interpose/thread_atexit` have the rest of that story.
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
