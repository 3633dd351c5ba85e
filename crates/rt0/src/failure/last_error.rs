//! The text of each thread's last error, for `NAME_last_error`.

use std::cell::RefCell;
use std::ffi::{CStr, CString, c_char};

use super::forked;
use crate::platform::locals;

thread_local! {
    /// The text of this thread's last error.
    static LAST_ERROR: RefCell<CString> = RefCell::default();
}

/// `NAME_last_error()`. In a child in which nothing can be allocated it always returns the text that says so.
pub fn last_error() -> *const c_char {
    if let Some(text) = forked::text() {
        return text.as_ptr();
    }
    if !locals::are_at_hand() {
        // Without thread-locals, this thread can't have stored an error.
        return c"".as_ptr();
    }
    LAST_ERROR
        .try_with(|text| text.borrow().as_ptr())
        .unwrap_or(c"".as_ptr())
}

/// Stores the text of an error for [`last_error`]. Like any C string, it ends at its first zero byte.
pub(crate) fn set_last_error(text: &str) {
    let _ = LAST_ERROR.try_with(|last| *last.borrow_mut() = c_text(text));
}

/// This thread's last error, as [`last_error`] gives it to hosts.
pub(crate) fn last_error_text() -> String {
    let last = LAST_ERROR.try_with(|last| last.borrow().to_string_lossy().into_owned());
    last.unwrap_or_default()
}

fn c_text(text: &str) -> CString {
    let mut bytes = text.as_bytes().to_vec();
    bytes.push(0);
    CStr::from_bytes_until_nul(&bytes)
        .unwrap_or_default()
        .to_owned()
}
