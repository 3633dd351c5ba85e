//! A library that needs no C library. It computes checksums, from tables that it makes when it is loaded.
//!
//! Built as its README says, it has no std, and binds to whatever C library its process has: glibc, musl or
//! none. Under a profile that unwinds, as tests and lints use, it has std.
#![cfg_attr(panic = "abort", no_std)]

mod crc32;
mod exports;

use rt0_core::{Boot, Library};

static LIBRARY: Library = Library::new("nolibc")
    .wait_ms(Some(5_000))
    .stack_size(64 * 1024)
    // It contains no std, so the loader can unmap it.
    .unloadable(true)
    // It looks at no argument and at no variable of its own.
    .copies_arguments(false)
    .exit_ms(100)
    .boot(boot);

rt0_core::library!(crate::LIBRARY);
#[cfg(panic = "abort")]
rt0_core::freestanding!();

/// Runs once, on a thread of its own. It may be a thread that no C library knows about.
fn boot(boot: Boot) {
    crc32::make_tables();
    boot.done();
}
