//! Wait: calls that wait for the start, their deadlines and errors, and how calls end (W in
//! `docs/hazards.md`).
//!
//! On Linux only: `hosts/steps.c` reads `/proc`, filters system calls and counts descriptors.
#![cfg(target_os = "linux")]

mod awaited;
mod closures;
mod failure;
mod gate;
mod leaving;
mod loader_lock;
mod outside;
mod retry;
mod stack;
