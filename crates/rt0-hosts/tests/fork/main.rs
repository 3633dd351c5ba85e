//! Fork: hosts that fork, and hosts that close the library's descriptors (F in `docs/hazards.md`).
//!
//! On Linux only: `hosts/steps.c` reads `/proc`, filters system calls and counts descriptors.
#![cfg(target_os = "linux")]

mod children;
mod lost;
mod prefork;
mod reports;
