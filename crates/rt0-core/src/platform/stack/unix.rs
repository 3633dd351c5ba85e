//! A mapping with a guard:
//!
//! ```text
//!   low                                                     high
//!   ┌───────────────┬────────────────────────────────────────┐
//!   │ guard page(s) │ the size that was asked for   grows ◄── │ top
//!   └───────────────┴────────────────────────────────────────┘
//! ```

use core::ffi::c_void;

use crate::platform::kernel::LARGEST_PAGE;
use crate::platform::{address_space, kernel};

pub fn on_own_stack<F: FnOnce() -> R, R>(size: usize, f: F) -> Option<R> {
    let len = LARGEST_PAGE + size.next_multiple_of(LARGEST_PAGE);
    let low = address_space::has_room_for(len).then(|| kernel::map_stack(len))??;
    let mut call = Call {
        f: Some(f),
        result: None,
    };
    // SAFETY: the mapping is ours, its end is aligned to a page, and `on_the_other_side` gets the type that
    // it expects. The guard is the lowest page, which only an overflow would reach. If the kernel refuses the
    // guard, the stack works without it. `f` does not unwind: the library's table promises that for the boot
    // function, and an `extern "C"` function would abort.
    unsafe {
        kernel::forbid(low, LARGEST_PAGE);
        kernel::call_on_stack(
            (&raw mut call).cast(),
            on_the_other_side::<F, R>,
            low.add(len),
        );
        kernel::unmap(low, len);
    }
    call.result
}

struct Call<F, R> {
    f: Option<F>,
    result: Option<R>,
}

unsafe extern "C" fn on_the_other_side<F: FnOnce() -> R, R>(call: *mut c_void) {
    // SAFETY: `on_own_stack` passes a `Call` of these types, and uses it only after we return.
    let call = unsafe { &mut *call.cast::<Call<F, R>>() };
    call.result = call.f.take().map(|f| f());
}
