//! A library that needs no C library: checksums, from tables that it makes for itself when it is loaded.
//!
//! Built as its README says it has no std, and binds to whatever its process has: glibc, musl or nothing.
//! Under a profile that unwinds, as tests and lints use, std is there.
#![cfg_attr(panic = "abort", no_std)]

mod crc32;
mod exports;

use rt0_core::{Boot, CollectorSignals, Library, Start};

static LIBRARY: Library = Library {
    name: "nolibc",
    start: Start::Load,
    wait_ms: Some(5_000),
    stack_size: 64 * 1024,
    // Nothing of std's is inside that the loader could not unmap.
    pin: false,
    boot: Some(boot),
    main: None,
    stop: None,
    exit_ms: 100,
    at_exit: None,
    needs_thread: None,
    retry: false,
    retry_pause_ms: 0,
    end_failed: None,
    waits_for_shutdown: None,
    collector_signals: CollectorSignals::Usual,
    settle_signals: None,
    user: &(),
    on_own_thread: None,
};

rt0_core::library!(crate::LIBRARY);
#[cfg(panic = "abort")]
rt0_core::freestanding!();

/// Runs once, on a thread of its own, which may be one that no C library knows.
fn boot(boot: Boot) {
    crc32::make_tables();
    boot.done();
}
