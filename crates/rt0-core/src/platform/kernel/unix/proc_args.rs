//! The process's arguments and environment, from the kernel: sysctl(2), `KERN_PROC_ARGS`.

use core::ptr::null_mut;

/// Reads `what` into `buffer`, and returns how many bytes that is: `buffer.len()` if they do not fit.
pub fn read(what: i32, buffer: &mut [u8]) -> Option<usize> {
    // SAFETY: it takes nothing and can't fail.
    let me = unsafe { libc::getpid() };
    let name = [libc::CTL_KERN, libc::KERN_PROC_ARGS, me, what];
    let mut len = buffer.len();
    // SAFETY: sysctl(2): it reads the four numbers, and writes at most `len` bytes into `buffer`.
    let result = unsafe {
        libc::sysctl(
            name.as_ptr(),
            name.len() as u32,
            buffer.as_mut_ptr().cast(),
            &mut len,
            null_mut(),
            0,
        )
    };
    match result {
        0 => Some(len),
        _ if super::error() == libc::ENOMEM => Some(buffer.len()),
        _ => None,
    }
}
