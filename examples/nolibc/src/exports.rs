//! The functions that hosts call. `nolibc.h` declares them.

use core::ptr::{copy_nonoverlapping, slice_from_raw_parts};

use rt0_core::sync::clock;
use rt0_core::{Status, is_ready, shutdown};

use crate::{LIBRARY, crc32};

/// Passes the gate: one load, one compare, one branch when the library is ready.
#[inline(always)]
fn pass() -> Result<(), Status> {
    if is_ready() {
        return Ok(());
    }
    rt0_core::pass(&LIBRARY, LIBRARY.default_deadline())
}

fn code(result: Result<(), Status>) -> i32 {
    result.map_or_else(Status::code, |()| 0)
}

/// Writes the CRC-32 of `len` bytes at `data` to `sum`. Returns 0, or a negative code.
///
/// # Safety
/// `data` points to `len` bytes, and `sum` to a word.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nolibc_crc32(data: *const u8, len: usize, sum: *mut u32) -> i32 {
    if (data.is_null() && len > 0) || sum.is_null() {
        return Status::InvalidArgument.code();
    }
    code(pass().map(|()| {
        let bytes = match len {
            // An empty slice needs no memory: `data` may be null.
            0 => &[],
            // SAFETY: our caller says so.
            _ => unsafe { &*slice_from_raw_parts(data, len) },
        };
        // SAFETY: our caller says so.
        unsafe { sum.write(crc32::checksum(bytes)) };
    }))
}

/// Writes the text of a negative code: as much as fits into `room` bytes, with a terminating zero. Returns
/// the length of the whole text; 0 for an unknown code.
///
/// # Safety
/// `text` points to `room` bytes, or is null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nolibc_text(code: i32, text: *mut u8, room: usize) -> usize {
    let all = Status::from_code(code).map_or("", Status::text);
    if !text.is_null() && room > 0 {
        let len = all.len().min(room - 1);
        // SAFETY: our caller promises `room` bytes; the source is our own static text, so they do not
        // overlap.
        unsafe {
            copy_nonoverlapping(all.as_ptr(), text, len);
            text.add(len).write(0);
        }
    }
    all.len()
}

/// Ends this generation. The next call boots again. Returns 0, or a negative code.
#[unsafe(no_mangle)]
pub extern "C" fn nolibc_shutdown(timeout_ms: u32) -> i32 {
    code(shutdown::shut_down(
        &LIBRARY,
        clock::after_ms(timeout_ms.into()),
    ))
}
