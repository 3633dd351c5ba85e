//! Calls a function and says which of the registers that it must preserve it has changed.

use std::ffi::c_void;

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
mod none;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_arch = "aarch64")]
use aarch64 as here;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
use none as here;
#[cfg(target_arch = "x86_64")]
use x86_64 as here;

/// Whether there is a harness for this processor.
pub const IS_KNOWN: bool = !here::NAMES.is_empty();

/// Calls a constructor as the loader does, and gives the names of the registers that it has changed.
///
/// # Safety
/// The address is that of a function that may be called with a constructor's arguments, now.
pub unsafe fn changed(constructor: *const c_void) -> Vec<&'static str> {
    // SAFETY: the caller's promise. The harness itself preserves what the function does not.
    let bits = unsafe { here::call(constructor) };
    let names = here::NAMES.iter().enumerate();
    names
        .filter(|(bit, _)| bits & (1 << bit) != 0)
        .map(|(_, name)| *name)
        .collect()
}
