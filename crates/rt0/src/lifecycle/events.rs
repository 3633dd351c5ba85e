//! `NAME_events(level, event, user)`

use std::ffi::c_void;

use rt0_core::this_library;

use super::answer;
use crate::error::refusal;
use crate::events::{Callback, register};
use crate::failure::forked;
use crate::platform::locals;

/// `NAME_events(level, event, user)`: has the library's `tracing` events told to the host.
///
/// # Safety
/// `event` is null, or can be called with `user` on a thread of the library's until another registration or a shutdown
/// has returned.
pub unsafe fn events(level: i32, event: Option<Callback>, user: *mut c_void) -> i32 {
    answer("events", &mut || {
        let library = this_library().map_err(|status| refusal(None, status))?;
        forked::check(library)?;
        locals::check_unforked(library)?;
        register::register(library, level, event, user)
    })
}
