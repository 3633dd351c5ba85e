//! What a host is told in a fork's child in which nothing can be allocated: see `rt0_core::fork`.
//!
//! The text is made at compile time (`config/fixed_text.rs`) and is static. A host gets a pointer to it where
//! it would otherwise get a buffer of its own or the thread's last error.

use std::ffi::{CStr, c_void};

use rt0_core::{Library, fork, sabotage};

use crate::config::Config;
use crate::error::{self, Error};

/// The error's text, if this is a process in which nothing may be allocated or locked.
pub(crate) fn text() -> Option<&'static CStr> {
    if sabotage::NO_FIXED_TEXT || rt0_core::is_ready() || fork::check().is_ok() {
        return None;
    }
    Some(Config::present().map_or(c"", |config| config.forked.get()))
}

/// Whether the buffer that a host wants to free is really this text.
pub(crate) fn is_text(buffer: *mut c_void) -> bool {
    let text = Config::present().map(|config| config.forked.get().as_ptr());
    text.is_some_and(|text| text.cast() == buffer.cast_const())
}

/// The first check in every call from a host that does not pass the gate.
pub(crate) fn check(library: &Library) -> Result<(), Error> {
    fork::check().map_err(|status| error::refusal(Some(library), status))
}
