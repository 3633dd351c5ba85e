//! The names of the library's threads.

use core::ffi::CStr;

use crate::platform::kernel;
use crate::{sabotage, text};

/// Names this thread, with as much of the library's name as fits before the suffix: `LIBRARY-boot`.
pub fn name_thread(library: &str, suffix: &str) {
    if sabotage::NO_THREAD_NAMES {
        return;
    }
    const LONGEST: usize = 15;
    let mut name = [0; LONGEST + 1];
    let keep = text::len_that_fits(library.as_bytes(), LONGEST - suffix.len());
    name[..keep].copy_from_slice(&library.as_bytes()[..keep]);
    name[keep..keep + suffix.len()].copy_from_slice(suffix.as_bytes());
    if let Ok(name) = CStr::from_bytes_until_nul(&name) {
        kernel::name_thread(name);
    }
}
