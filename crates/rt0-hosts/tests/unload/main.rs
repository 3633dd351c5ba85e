//! Unload: `dlclose`, the shutdown of a generation, and ending threads (U in `docs/hazards.md`).
//!
//! On Linux only: `hosts/steps.c` reads `/proc`, filters system calls and counts descriptors.
#![cfg(target_os = "linux")]

mod ended_badly;
mod handles;
mod hooks;
mod late_calls;
mod shutdown;
mod stays;
mod thread_exit;
mod travelling;
mod unmapped;
