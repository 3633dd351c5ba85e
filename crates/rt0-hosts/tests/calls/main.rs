//! What goes over a call's interface besides the call: events.
//!
//! On Linux only: `hosts/steps.c` reads `/proc`, filters system calls and counts descriptors.
#![cfg(target_os = "linux")]

mod events;
