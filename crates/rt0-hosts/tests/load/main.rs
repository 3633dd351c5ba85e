//! Load: what a library does, and needs, while it is loaded and started (L in `docs/hazards.md`).
//!
//! On Linux only: `hosts/steps.c` reads `/proc`, filters system calls and counts descriptors.
#![cfg(target_os = "linux")]

mod archive;
mod arguments;
mod boot;
mod core_only;
mod environment;
mod layout;
mod processors;
mod quiet;
mod reports;
mod scarce;
mod settings;
