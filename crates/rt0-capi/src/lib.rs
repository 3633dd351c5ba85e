//! rt0 for authors of language runtimes: the archive behind `include/rt0.h`.
//!
//! The header says what each function promises; the modules say how it is done. In the order of a load:
//!
//! 1. [`library`]: the table that `rt0-core` loads the library by, made from the author's.
//! 2. [`table`]: the author's, which `RT0_RUNTIME` names: read [`once`] and checked.
//! 3. [`boot`]: calls the author's `boot`; [`notify`] is how that says how it ended, and [`failure`] keeps
//!    what it said. [`phase`] lets a fork's child know what its parent has left in it.
//! 4. [`gate`]: what a call passes; [`attach`] tells the runtime of threads it did not make.
//! 5. [`end`]: a shutdown.
//!
//! [`exports`] has every function that C calls, over these, [`thread`] and [`texts`]. Nothing here prints,
//! exits or allocates.
#![no_std]

// A build of the workspace unwinds, which takes std. The archive for use is built with `--profile capi`, and
// has no std.
#[cfg(panic = "unwind")]
extern crate std;

mod attach;
mod boot;
mod end;
mod exports;
mod failure;
mod gate;
#[cfg(not(any(target_vendor = "apple", windows)))]
mod hidden;
mod library;
mod notify;
mod once;
#[cfg(panic = "abort")]
mod panic;
mod phase;
mod table;
mod texts;
mod thread;
