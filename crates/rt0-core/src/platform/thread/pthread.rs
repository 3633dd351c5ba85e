//! Threads of the process's C library.

use core::ffi::{c_int, c_void};
use core::ptr::null_mut;
use core::sync::atomic::Ordering;

use super::{NoThread, host_libc, signals};
use crate::platform::kernel;
use crate::platform::weak_symbols::{self, ThreadStart};

/// Larger than `pthread_attr_t` on every C library (56 bytes on x86-64 with glibc, 64 on macOS), and aligned
/// as it is.
#[repr(C, align(16))]
struct Attributes([u8; 128]);

pub fn create(start: ThreadStart, data: *mut c_void, stack_size: usize) -> Result<usize, NoThread> {
    let pthread_create = weak_symbols::pthread_create().ok_or(NoThread)?;
    if !host_libc::tell_of_threads() {
        return Err(NoThread);
    }
    let mut attributes = Attributes([0; 128]);
    let attributes = (&raw mut attributes).cast::<c_void>();
    let attributes = with_stack_size(attributes, stack_size);
    let mut handle = 0;
    let blocked = signals::block();
    // SAFETY: POSIX; the attributes are initialised or null, and `handle` has room for a pthread_t, which is
    // a word in all of these C libraries. If the thread starts before this returns, it does not look at the
    // handle.
    let result = unsafe { pthread_create(&mut handle, attributes, start, data) };
    drop(blocked);
    if let Some(destroy) = weak_symbols::pthread_attr_destroy().filter(|_| !attributes.is_null()) {
        // SAFETY: POSIX; initialised by `with_stack_size`.
        unsafe { destroy(attributes) };
    }
    if result == 0 {
        Ok(handle)
    } else {
        Err(NoThread)
    }
}

pub unsafe fn join(handle: usize) {
    if let Some(pthread_join) = weak_symbols::pthread_join() {
        // SAFETY: POSIX; passed on to our caller.
        unsafe { pthread_join(handle, null_mut()) };
    }
}

pub unsafe fn detach(handle: usize) {
    if let Some(pthread_detach) = weak_symbols::pthread_detach() {
        // SAFETY: POSIX; passed on to our caller.
        unsafe { pthread_detach(handle) };
    }
}

/// POSIX's cancel state. In a C library without it (bionic), no thread is cancelled.
#[inline]
pub fn hold_off_cancel() -> c_int {
    let mut former = kernel::PTHREAD_CANCEL_DISABLE;
    if let Some(set) = weak_symbols::pthread_setcancelstate() {
        // SAFETY: POSIX; `former` is an int.
        unsafe { set(kernel::PTHREAD_CANCEL_DISABLE, &mut former) };
    }
    former
}

#[inline]
pub fn allow_cancel(former: c_int) {
    if let Some(set) = weak_symbols::pthread_setcancelstate() {
        let mut present = 0;
        // SAFETY: POSIX; the state is the one that `hold_off_cancel` was given, and `present` is an int. Not
        // every C library accepts null there.
        unsafe { set(former, &mut present) };
    }
}

/// How many sizes to try, each twice the last: from 64 KiB, the smallest that anybody can ask for, to 1 MiB.
const TRIES: u32 = 5;

/// Initialises the attributes with this stack size, or a larger one, and returns them. Null: they are not initialised.
#[inline(never)]
fn with_stack_size(attributes: *mut c_void, size: usize) -> *mut c_void {
    let (Some(init), Some(set), Some(destroy)) = (
        weak_symbols::pthread_attr_init(),
        weak_symbols::pthread_attr_setstacksize(),
        weak_symbols::pthread_attr_destroy(),
    ) else {
        return null_mut();
    };
    // SAFETY: POSIX; `attributes` has room for a pthread_attr_t.
    unsafe {
        if init(attributes) != 0 {
            return null_mut();
        }
        // macOS only takes whole pages. Every C library has a smallest size; glibc's depends on the processor
        // and can be larger than `size`.
        let mut size = size.next_multiple_of(kernel::LARGEST_PAGE);
        for _ in 0..TRIES {
            if set(attributes, size) == 0 {
                return attributes;
            }
            size *= 2;
        }
        destroy(attributes);
    }
    null_mut()
}

pub fn is_alone() -> Option<bool> {
    // Relaxed: only this thread could make a second one. (glibc clears this flag when it makes one. It may set it
    // again when it knows that there is none any more.)
    weak_symbols::libc_single_threaded().map(|flag| flag.load(Ordering::Relaxed) != 0)
}
