//! Exit: the end of the process while the library is in use (U in `docs/hazards.md`).
//!
//! On Linux only: `hosts/steps.c` reads `/proc`, filters system calls and counts descriptors.
#![cfg(target_os = "linux")]

mod ahead;
mod inside;
mod process;
