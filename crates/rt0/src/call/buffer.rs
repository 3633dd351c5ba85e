//! Strings and buffers that a host owns: a call returns them, and the host passes them to `NAME_free`.
//!
//! ```text
//!   16 bytes           len bytes           1 byte
//!   ┌──────────────┬─────────────────────┬───┐
//!   │ mark, len    │ what the host sees  │ 0 │
//!   └──────────────┴─────────────────────┴───┘
//! ```
//!
//! The mark tells this library's buffers from those of others. Freeing a buffer erases its mark, so a double
//! free is refused as long as the memory is still mapped and does not happen to hold the same mark again.
//! This is a help, not a guarantee.

use std::alloc::{Layout, alloc, dealloc};
use std::ffi::{c_char, c_void};

use rt0_core::Status;

use super::types::{IntoC, put};
use crate::failure::Failure;
use crate::generation::handles::identity;

const HEADER: usize = 16;

/// The mark in the header of each of this library's buffers.
fn mark() -> usize {
    const RT0B: usize = 0x7274_3062;
    RT0B ^ (identity() << 8)
}

#[repr(C)]
struct Header {
    mark: usize,
    len: usize,
}

/// Gives a string to the host: the text with a terminating zero, and its length if the host asks for it.
///
/// # Safety
/// `out` is a place for a pointer; `out_len` is null or a place for a length: checked by `arg::out`.
pub unsafe fn give_string(
    out: *mut *mut c_char,
    out_len: *mut usize,
    text: String,
) -> Result<(), Failure> {
    let len = text.len();
    let buffer = allocate(len)?;
    // SAFETY: the buffer has room for the text. The rest is passed on to our caller.
    unsafe {
        buffer.copy_from_nonoverlapping(text.as_ptr(), len);
        out.write(buffer.cast());
        if !out_len.is_null() {
            out_len.write(len);
        }
    }
    Ok(())
}

/// Gives a vector's elements to the host, and their number.
///
/// # Safety
/// `out` is a place for a pointer, and `out_len` for a length: checked by `arg::out`.
pub unsafe fn give_vec<T: IntoC>(
    out: *mut *mut T,
    out_len: *mut usize,
    values: Vec<T>,
) -> Result<(), Failure> {
    const {
        assert!(
            align_of::<T>() <= HEADER,
            "no C type wants a larger alignment"
        )
    };
    let buffer = allocate(size_of_val(&values[..]))?.cast::<T>();
    // SAFETY: the buffer has room for all elements, and its alignment is at least theirs. `out` and `out_len`
    // are passed on to our caller.
    unsafe {
        if T::HAS_PADDING {
            for (i, value) in values.iter().enumerate() {
                put(buffer.add(i), *value);
            }
        } else {
            buffer.copy_from_nonoverlapping(values.as_ptr(), values.len());
        }
        out.write(buffer);
        out_len.write(values.len());
    }
    Ok(())
}

/// Frees a buffer. Null is allowed.
///
/// # Safety
/// The host promises that the pointer came from this library and was not freed before.
pub unsafe fn free(buffer: *mut c_void) -> Result<(), Failure> {
    if buffer.is_null() {
        return Ok(());
    }
    let fail = |text| Err(Failure::of_lifecycle("free", Status::InvalidArgument, text));
    if buffer as usize % HEADER != 0 {
        return fail("the pointer was not allocated by this library, or was already freed");
    }
    // SAFETY: passed on to our caller; the header is just before what the host sees.
    unsafe {
        let header = buffer.cast::<u8>().sub(HEADER).cast::<Header>();
        if (*header).mark != mark() {
            return fail("the pointer was not allocated by this library, or was already freed");
        }
        let layout = layout((*header).len).expect("it was right when it was allocated");
        // Volatile: otherwise the compiler could drop a write that nothing reads before the memory is freed.
        (&raw mut (*header).mark).write_volatile(0);
        dealloc(header.cast(), layout);
    }
    Ok(())
}

/// Allocates a buffer for `len` bytes, still uninitialized, followed by the terminating zero.
fn allocate(len: usize) -> Result<*mut u8, Failure> {
    let none = || Failure::new("rt0:", Status::NoMemory, Status::NoMemory.text());
    let layout = layout(len).ok_or_else(none)?;
    // SAFETY: the layout is never empty; the writes stay inside what it describes.
    unsafe {
        let start = alloc(layout);
        if start.is_null() {
            return Err(none());
        }
        start.cast::<Header>().write(Header { mark: mark(), len });
        let content = start.add(HEADER);
        content.add(len).write(0);
        Ok(content)
    }
}

fn layout(len: usize) -> Option<Layout> {
    Layout::from_size_align(len.checked_add(HEADER + 1)?, HEADER).ok()
}
