//! rt0 for authors of language runtimes: the archive behind `include/rt0.h`.
//!
//! The header says what each function promises; here stands how it is done. In the order of a load:
//!
//! 1. [`table`]: the table that the author's `RT0_RUNTIME` names, read once and checked.
//! 2. [`library`]: the same as `rt0-core` wants it, which does the rest of the load.
//! 3. [`boot`]: calls the author's `boot`; [`notify`] is how that one says how it ended, and [`failure`]
//!    keeps what it said. [`phase`] lets a fork's child know what its parent has left in it.
//! 4. [`gate`]: what an exported function passes; [`attach`] tells the runtime of threads it did not make.
//! 5. [`end`]: a shutdown.
//!
//! Beside that: [`thread`] and [`texts`].
//!
//! Every function of C's is defined by `define_function!`, which makes it hidden: two such libraries in
//! one process do not see each other's. Nothing here prints, exits or allocates.
#![no_std]

// A workspace builds this with its own way to panic, for which only std has what is needed. The archive
// that is for use is built with `--profile capi`, and has no std.
#[cfg(panic = "unwind")]
extern crate std;

mod attach;
mod boot;
mod end;
mod failure;
mod gate;
#[cfg(not(any(target_vendor = "apple", windows)))]
mod hidden;
mod library;
mod notify;
#[cfg(panic = "abort")]
mod panic;
mod phase;
mod table;
mod texts;
mod thread;
