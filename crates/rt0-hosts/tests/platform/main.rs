//! Platforms: what must work on every processor, and without a C library. (Windows: `tests/windows.rs`.)
//!
//! On Linux only, for every processor: `hosts/steps.c` reads `/proc`. `everywhere.rs` is for the other systems.
#![cfg(target_os = "linux")]

mod every_processor;
mod nolibc;
