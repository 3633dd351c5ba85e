//! Identifies the process and the calling thread, and reads what the kernel passed to the process at its
//! start.

use core::ffi::{CStr, c_ulong};

use super::arch::{nr, thread_pointer};
use super::files::read_file;
use super::is_without_libc;
use crate::platform::weak_symbols;
use crate::sabotage;

/// With a C library this makes no system call. It is 0 if there is no C library and the kernel does not tell
/// either.
pub fn this_thread() -> usize {
    if sabotage::NO_THREAD_POINTER {
        // SAFETY: as in `thread_id`.
        return unsafe { syscall!(nr::GETTID) as u32 as usize };
    }
    if is_without_libc() {
        thread_id() as usize
    } else {
        thread_pointer()
    }
}

pub fn thread_id() -> u32 {
    // SAFETY: gettid(2) takes nothing.
    let id = unsafe { syscall!(nr::GETTID) };
    id.max(0) as u32
}

pub fn process_id() -> Option<u32> {
    // SAFETY: getpid(2) takes nothing.
    let id = unsafe { syscall!(nr::GETPID) };
    (id > 0).then_some(id as u32)
}

pub fn is_first_thread() -> bool {
    match (thread_id(), process_id()) {
        (0, _) | (_, None) => true,
        (thread, Some(process)) => thread == process,
    }
}

/// The kernel keeps fifteen bytes of the name.
pub fn name_thread(name: &CStr) {
    const PR_SET_NAME: usize = 15;
    // SAFETY: the kernel reads at most sixteen bytes and stops at the zero that a CStr has.
    unsafe { syscall!(nr::PRCTL, PR_SET_NAME, name.as_ptr()) };
}

pub fn give_way() {
    // SAFETY: sched_yield(2) touches no memory.
    unsafe { syscall!(nr::SCHED_YIELD) };
}

pub fn forget_exit_word() {
    // SAFETY: set_tid_address(2) touches no memory now and, with null, none later.
    unsafe { syscall!(nr::SET_TID_ADDRESS, 0) };
}

pub fn has_more_rights() -> bool {
    const AT_SECURE: c_ulong = 23;
    match weak_symbols::getauxval() {
        // SAFETY: getauxval(3) only reads what the kernel passed at the start.
        Some(getauxval) => unsafe { getauxval(AT_SECURE) != 0 },
        // If it can't be read, that may be because the process has more rights.
        None => auxiliary(AT_SECURE as usize) != Some(0),
    }
}

/// What the kernel passed to the process at its start under the key `wanted` (as getauxval(3) returns),
/// without a C library. `None` if it passed nothing, or if that can't be read.
pub fn auxiliary(wanted: usize) -> Option<usize> {
    let mut bytes = [0; 64 * size_of::<[usize; 2]>()];
    let len = read_file(c"/proc/self/auxv", &mut bytes)?;
    let mut left = bytes.get(..len)?;
    let mut next = || {
        let (word, rest) = left.split_first_chunk()?;
        left = rest;
        Some(usize::from_ne_bytes(*word))
    };
    loop {
        let (key, value) = (next()?, next()?);
        if key == wanted {
            return Some(value);
        }
    }
}
