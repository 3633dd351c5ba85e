//! What a host is told in a child in which nothing can be allocated: see `rt0_core::fork`.
//!
//! The text is made at compile time (`config/fixed_text.rs`), and no thread keeps it: a host gets a pointer to it
//! wherever it else gets a buffer of its own or the thread's last error.

use std::ffi::{CStr, c_void};

use rt0_core::{Library, fork, sabotage};

use crate::config::Config;
use crate::error::{self, Error};

/// Set in a process in which nothing may be allocated or locked: its error's text.
pub(crate) fn text() -> Option<&'static CStr> {
    if sabotage::NO_FIXED_TEXT || rt0_core::is_ready() || fork::check().is_ok() {
        return None;
    }
    Some(Config::present().map_or(c"", |config| config.forked.get()))
}

/// Whether a host gives the text back as if it were a buffer of its own.
pub(crate) fn is_text(buffer: *mut c_void) -> bool {
    let text = Config::present().map(|config| config.forked.get().as_ptr());
    text.is_some_and(|text| text.cast() == buffer.cast_const())
}

/// What each call of the host's asks first that does not come to a gate.
pub(crate) fn check(library: &Library) -> Result<(), Error> {
    fork::check().map_err(|status| error::refusal(Some(library), status))
}
