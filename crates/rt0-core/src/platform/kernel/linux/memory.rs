//! Memory, in whole pages.

use super::arch::{self, MAP_NORESERVE, nr};

const PRIVATE_ANONYMOUS: usize = 2 | 32;

pub fn map(len: usize) -> Option<*mut u8> {
    map_with(len, PRIVATE_ANONYMOUS)
}

pub fn map_written(len: usize) -> Option<*mut u8> {
    // The same number on every processor that we support.
    const MAP_POPULATE: usize = 0x8000;
    map_with(len, PRIVATE_ANONYMOUS | MAP_POPULATE)
}

pub fn map_stack(len: usize) -> Option<*mut u8> {
    map(len)
}

pub fn has_room(len: usize) -> bool {
    let room = map_with(len, PRIVATE_ANONYMOUS | MAP_NORESERVE);
    // SAFETY: a whole mapping, which nobody else knows.
    room.map(|at| unsafe { unmap(at, len) }).is_some()
}

#[inline(never)]
fn map_with(len: usize, flags: usize) -> Option<*mut u8> {
    const READ_WRITE: usize = 1 | 2;
    let arguments = [0, len, READ_WRITE, flags, usize::MAX, 0];
    // SAFETY: without MAP_FIXED the kernel chooses an address that nothing else uses. If it takes the
    // arguments in memory, it reads these six words.
    let at = unsafe {
        if arch::MMAP_IN_MEMORY {
            syscall!(nr::MMAP, &raw const arguments)
        } else {
            let [at, len, access, flags, file, offset] = arguments;
            syscall!(nr::MMAP, at, len, access, flags, file, offset)
        }
    };
    (!(-4095..=0).contains(&at)).then_some(at as *mut u8)
}

#[inline(never)]
pub unsafe fn unmap(at: *mut u8, len: usize) {
    // SAFETY: passed on to our caller.
    unsafe { syscall!(nr::MUNMAP, at, len) };
}

pub unsafe fn forbid(at: *mut u8, len: usize) -> bool {
    const NO_ACCESS: usize = 0;
    // SAFETY: passed on to our caller.
    unsafe { syscall!(nr::MPROTECT, at, len, NO_ACCESS) == 0 }
}

/// The kernel supports this from Linux 4.14 on.
pub unsafe fn wipe_on_fork(at: *mut u8, len: usize) -> bool {
    const MADV_WIPEONFORK: usize = 18;
    // SAFETY: passed on to our caller; madvise(2) changes nothing in this process.
    unsafe { syscall!(nr::MADVISE, at, len, MADV_WIPEONFORK) == 0 }
}
