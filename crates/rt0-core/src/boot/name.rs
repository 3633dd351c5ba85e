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
    let both = library.bytes().take(keep).chain(suffix.bytes());
    for (to, byte) in name[..LONGEST].iter_mut().zip(both) {
        *to = byte;
    }
    // SAFETY: the last byte, at least, is a zero.
    kernel::name_thread(unsafe { CStr::from_ptr(name.as_ptr().cast()) });
}
