//! A library that needs no C library: checksums, from tables that it makes for itself when it is loaded.
//!
//! Built as its README says it has no std, and binds to whatever its process has: glibc, musl or nothing.
//! Under a profile that unwinds, as tests and lints use, std is there.
#![cfg_attr(panic = "abort", no_std)]

mod crc32;
mod exports;

use rt0_core::{Boot, Library};

static LIBRARY: Library = Library::new("nolibc")
    .wait_ms(Some(5_000))
    .stack_size(64 * 1024)
    // Nothing of std's is inside that the loader could not unmap.
    .unloadable(true)
    .exit_ms(100)
    .boot(boot);

rt0_core::library!(crate::LIBRARY);
#[cfg(panic = "abort")]
rt0_core::freestanding!();

/// Runs once, on a thread of its own, which may be one that no C library knows.
fn boot(boot: Boot) {
    crc32::make_tables();
    boot.done();
}
