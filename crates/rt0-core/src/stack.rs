//! A stack of our own, for a boot that must run on a host's thread.
//!
//! ```text
//!   low                                                     high
//!   ┌───────────────┬────────────────────────────────────────┐
//!   │ guard page(s) │ the size that was asked for   grows ◄── │ top
//!   └───────────────┴────────────────────────────────────────┘
//! ```

use core::ffi::c_void;

use crate::sys::LARGEST_PAGE;
use crate::{room, sys};

/// What a thread made by Rust or C programs has on most systems, and what Go gives its own.
pub const DEFAULT_SIZE: usize = 8 * 1024 * 1024;

/// Runs `f` on a fresh stack of this many bytes at least. `None` when there is no memory for one; `f` was then not called.
pub fn on_own_stack<F: FnOnce() -> R, R>(size: usize, f: F) -> Option<R> {
    let len = LARGEST_PAGE + size.next_multiple_of(LARGEST_PAGE);
    let low = room::is_left(len).then(|| sys::map_stack(len))??;
    let mut call = Call {
        f: Some(f),
        result: None,
    };
    // SAFETY: the mapping is ours, its end is aligned to a page, and `on_the_other_side` gets the
    // type that it expects. The guard is the lowest page, which only an overflow would reach; should
    // the kernel refuse it, the stack is as good without. `f` does not unwind: the library's table
    // says so of the boot function, and an `extern "C"` function would abort.
    unsafe {
        sys::forbid(low, LARGEST_PAGE);
        sys::call_on_stack(
            (&raw mut call).cast(),
            on_the_other_side::<F, R>,
            low.add(len),
        );
        sys::unmap(low, len);
    }
    call.result
}

struct Call<F, R> {
    f: Option<F>,
    result: Option<R>,
}

unsafe extern "C" fn on_the_other_side<F: FnOnce() -> R, R>(call: *mut c_void) {
    // SAFETY: `on_own_stack` passes a `Call` of these types and looks at it only afterwards.
    let call = unsafe { &mut *call.cast::<Call<F, R>>() };
    call.result = call.f.take().map(|f| f());
}
