//! rt0 for authors of language runtimes: the archive behind `include/rt0.h`.
//!
//! The header says what each function promises; the modules say how it is done. In the order of a load:
//!
//! 1. [`library`]: the table with which `rt0-core` loads the library, made from the author's table.
//! 2. [`table`]: the author's table, which `RT0_RUNTIME` names: read [`once`] and checked.
//! 3. [`boot`]: calls the author's `boot`, which reports its result through [`notify`]; [`failure`] keeps the
//!    error. From [`phase`] a fork's child knows what its parent left in it.
//! 4. [`gate`]: what a call passes; [`attach`] tells the runtime about threads that it did not make.
//! 5. [`end`]: a shutdown.
//!
//! [`exports`] has every function that C calls; they use these modules, [`thread`] and [`texts`]. Nothing
//! here prints, exits or allocates.
#![no_std]

// A build of the whole workspace unwinds, which needs std. The released archive is built with `--profile
// capi`, without std.
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
