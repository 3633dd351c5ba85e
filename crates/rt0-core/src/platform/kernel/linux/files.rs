//! Reads files. All that we read are in /proc.

use core::ffi::CStr;

use super::arch::nr;
use super::syscall::error::EINTR;

pub fn read_arguments(buffer: &mut [u8]) -> Option<usize> {
    read_file(c"/proc/self/cmdline", buffer)
}

pub fn read_environment(buffer: &mut [u8]) -> Option<usize> {
    read_file(c"/proc/self/environ", buffer)
}

pub fn read_file(path: &CStr, buffer: &mut [u8]) -> Option<usize> {
    read(path, buffer, false)
}

pub fn read_at_once(path: &CStr, buffer: &mut [u8]) -> Option<usize> {
    read(path, buffer, true)
}

fn read(path: &CStr, buffer: &mut [u8], at_once: bool) -> Option<usize> {
    const AT_FDCWD: isize = -100;
    const O_CLOEXEC: usize = 0o2000000;
    // SAFETY: the path ends with a zero; openat(2) only reads it.
    let file = unsafe { syscall!(nr::OPENAT, AT_FDCWD, path.as_ptr(), O_CLOEXEC) };
    if file < 0 {
        return None;
    }
    let mut len = 0;
    let mut whole = true;
    while len < buffer.len() {
        let rest = &mut buffer[len..];
        // SAFETY: the kernel writes at most `rest.len()` bytes into `rest`.
        let got = unsafe { syscall!(nr::READ, file, rest.as_mut_ptr(), rest.len()) };
        match got {
            EINTR => {}
            1.. => {
                len += got as usize;
                if at_once {
                    break;
                }
            }
            _ => {
                whole = got == 0;
                break;
            }
        }
    }
    // SAFETY: the descriptor was opened above, and is not used again.
    unsafe { syscall!(nr::CLOSE, file) };
    whole.then_some(len)
}
