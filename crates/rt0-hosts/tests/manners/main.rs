//! Guest manners: the library leaves the host's signals, streams, symbols and arguments alone (G in
//! `docs/hazards.md`).
//!
//! On Linux only: `hosts/steps.c` reads `/proc`, filters system calls and counts descriptors.
#![cfg(target_os = "linux")]

mod copies;
mod dynamic;
mod files;
mod guarded;
mod inside_tokio;
mod parameters;
mod preload;
mod several;
mod signals;
mod streams;
mod symbols;
mod threads;
mod unwinder;
