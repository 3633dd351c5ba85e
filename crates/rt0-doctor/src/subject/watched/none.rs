//! A processor without a harness.

use std::ffi::c_void;

/// No register is watched.
pub const NAMES: [&str; 0] = [];

/// Never called.
///
/// # Safety
/// None is needed.
pub unsafe fn call(_: *const c_void) -> u64 {
    0
}
