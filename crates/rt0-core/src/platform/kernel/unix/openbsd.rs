//! OpenBSD.

use core::ffi::{CStr, c_char, c_int};
use core::mem::size_of_val;
use core::ptr::{null, null_mut};
use core::sync::atomic::AtomicU32;

use super::{error, monotonic, timespec};
use crate::sabotage;

pub const PTHREAD_CANCEL_DISABLE: c_int = 1;
/// The kernel ends a process whose stack pointer points to other memory.
pub const MAP_STACK: c_int = libc::MAP_STACK;

pub const RTLD_NODELETE: c_int = libc::RTLD_NODELETE;

pub const TAKES_FORK_HANDLERS_BACK: bool = false;

/// The program itself.
pub const BARRIER_OPENS: Option<*const c_char> = Some(null());

pub type SignalMask = u32;

pub unsafe fn errno_location() -> *mut c_int {
    // SAFETY: the C library's own function, which takes nothing.
    unsafe { libc::__errno() }
}

/// The loader passes them nothing (its `_dl_call_init_recurse`).
pub fn constructors_get_arguments(_: impl FnOnce() -> bool) -> bool {
    false
}

pub fn futex_wait(word: &AtomicU32, seen: u32, deadline: Option<u64>) -> bool {
    let deadline = deadline.filter(|_| !sabotage::NO_DEADLINE);
    // Here the time is a length.
    let left = deadline.map(|nanos| timespec(nanos.saturating_sub(monotonic())));
    // SAFETY: futex(2); the word and the time outlive the call, which only reads them.
    let result = unsafe {
        libc::futex(
            word.as_ptr(),
            libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG,
            seen as c_int,
            left.as_ref().map_or(null(), |left| &raw const *left),
            null_mut(),
        )
    };
    !(result == -1 && error() == libc::ETIMEDOUT)
}

pub fn futex_wake_all(word: &AtomicU32) {
    // SAFETY: futex(2) uses the address only as a key.
    unsafe {
        libc::futex(
            word.as_ptr(),
            libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG,
            c_int::MAX,
            null(),
            null_mut(),
        )
    };
}

pub fn thread_id() -> u32 {
    // SAFETY: it takes nothing and can't fail.
    unsafe { libc::getthrid() as u32 }
}

pub fn is_first_thread() -> bool {
    // SAFETY: it takes nothing.
    unsafe { libc::pthread_main_np() == 1 }
}

pub fn name_thread(name: &CStr) {
    // SAFETY: the name ends with a zero; it is copied.
    unsafe { libc::pthread_set_name_np(libc::pthread_self(), name.as_ptr()) };
}

/// SIGTHR.
pub fn signals_of_the_c_library() -> &'static [u32] {
    &[32]
}

/// The kernel can't if the loader has made the pages immutable (mimmutable(2)).
pub unsafe fn wipe_on_fork(at: *mut u8, len: usize) -> bool {
    // SAFETY: passed on to our caller; minherit(2) changes nothing in this process.
    unsafe { libc::minherit(at.cast(), len, libc::MAP_INHERIT_ZERO) == 0 }
}

/// What the kernel puts at the top of every process's stack (<sys/exec.h>).
#[repr(C)]
struct ProcessStrings {
    arguments: *const *const c_char,
    arguments_len: c_int,
    environment: *const *const c_char,
    environment_len: c_int,
}

/// Asks the kernel where that is. We don't use `KERN_PROC_ARGS`: if a process has pledged not to look at
/// others (pledge(2) without "ps"), the kernel ends it for that query, even about itself. The kernel always
/// answers this one, because setproctitle needs it.
fn strings() -> Option<&'static ProcessStrings> {
    /// <uvm/uvmexp.h>
    const VM_PSSTRINGS: c_int = 3;
    let name = [libc::CTL_VM, VM_PSSTRINGS];
    let mut at = null::<ProcessStrings>();
    let mut len = size_of_val(&at);
    // SAFETY: sysctl(2): it reads the two numbers, and writes at most `len` bytes to `at`.
    let result = unsafe {
        libc::sysctl(
            name.as_ptr(),
            name.len() as u32,
            (&raw mut at).cast(),
            &mut len,
            null_mut(),
            0,
        )
    };
    if result != 0 {
        return None;
    }
    // SAFETY: the kernel wrote the structure there when the program began, and it stays.
    unsafe { at.as_ref() }
}

/// Copies `count` texts, each with its zero, and returns how many bytes that is: `buffer.len()` if they do
/// not fit.
///
/// # Safety
/// `texts` is `count` pointers, each null or to a text that ends with a zero.
unsafe fn copy(texts: *const *const c_char, count: c_int, buffer: &mut [u8]) -> usize {
    let mut used = 0;
    for at in 0..count.max(0) as usize {
        // SAFETY: passed on to our caller.
        let text = unsafe {
            let text = *texts.add(at);
            if text.is_null() {
                break;
            }
            CStr::from_ptr(text).to_bytes_with_nul()
        };
        let Some(room) = buffer[used..].get_mut(..text.len()) else {
            return buffer.len();
        };
        room.copy_from_slice(text);
        used += text.len();
    }
    used
}

/// As the process got them, or as it has changed them with setproctitle(3).
pub fn read_arguments(buffer: &mut [u8]) -> Option<usize> {
    let strings = strings()?;
    // SAFETY: the kernel, or the C library's setproctitle, wrote the pointers and their count.
    Some(unsafe { copy(strings.arguments, strings.arguments_len, buffer) })
}

pub fn read_environment(buffer: &mut [u8]) -> Option<usize> {
    let strings = strings()?;
    // SAFETY: the kernel wrote the pointers and their count.
    Some(unsafe { copy(strings.environment, strings.environment_len, buffer) })
}
