//! Texts for C: the meaning of a status, and others copied into memory that C provides.

use core::ffi::{CStr, c_char, c_int};

use rt0_core::library::arguments::Texts;
use rt0_core::{Status, text};

/// The sentence for a code that a function of `rt0.h` may return.
pub const fn of_status(code: c_int) -> &'static CStr {
    match Status::from_code(code) {
        Some(status) => status.c_text(),
        None if code == 0 => c"success",
        None => c"the library's own error",
    }
}

/// Writes as many texts into C's memory as fit. Returns how many there are.
///
/// # Safety
/// `to` is null, or a place for `room` pointers.
pub unsafe fn give_all(texts: Texts, to: *mut *const c_char, room: usize) -> usize {
    // Not a slice: C has not initialised the memory, and `room` may be the largest possible number.
    let room = if to.is_null() { 0 } else { room };
    for (at, text) in texts.clone().take(room).enumerate() {
        // SAFETY: our caller promises `room` places. In the copy, each text is followed by a zero.
        unsafe { to.add(at).write(text.as_ptr().cast()) };
    }
    texts.count()
}

/// Writes a text into C's memory, with a zero at its end. A text that is too long is cut between characters.
///
/// # Safety
/// `to` is null, or a place for `room` bytes.
pub unsafe fn give(text: &[u8], to: *mut u8, room: usize) {
    // Not a slice, as above.
    let Some(most) = room.checked_sub(1).filter(|_| !to.is_null()) else {
        return;
    };
    let fits = text::len_that_fits(text, most);
    // SAFETY: `fits` and the zero are at most `room` bytes, which our caller promises.
    unsafe {
        to.copy_from_nonoverlapping(text.as_ptr(), fits);
        to.add(fits).write(0);
    }
}
