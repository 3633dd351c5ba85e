//! Strings and buffers that a host owns: given out by a call, given back to `NAME_free`.
//!
//! ```text
//!   16 bytes           len bytes           1 byte
//!   ┌──────────────┬─────────────────────┬───┐
//!   │ mark, len    │ what the host sees  │ 0 │
//!   └──────────────┴─────────────────────┴───┘
//! ```
//!
//! The mark tells the buffers of this library from those of others. It is taken away when a buffer is
//! freed, so a second time is refused as long as the memory is still mapped and nobody has put the
//! same there: a help, not a promise.

use std::alloc::{Layout, alloc, dealloc};
use std::ffi::{c_char, c_void};

use rt0_core::Status;

use super::call::Failure;
use super::handle::identity;

const HEADER: usize = 16;

/// What stands before each buffer of this library.
fn mark() -> usize {
    const RT0B: usize = 0x7274_3062;
    RT0B ^ (identity() << 8)
}

#[repr(C)]
struct Header {
    mark: usize,
    len: usize,
}

/// Gives a string to the host: text with a zero behind it, and its length where one is asked for.
///
/// # Safety
/// `out` is a place for a pointer; `out_len` is null or a place for a length: checked by `arg::out`.
pub unsafe fn give_string(
    out: *mut *mut c_char,
    out_len: *mut usize,
    text: String,
) -> Result<(), Failure> {
    let len = text.len();
    let buffer = allocate(text.as_bytes())?;
    // SAFETY: passed on to our caller.
    unsafe {
        out.write(buffer.cast());
        if !out_len.is_null() {
            out_len.write(len);
        }
    }
    Ok(())
}

/// Gives a vector's elements to the host, and how many they are.
///
/// # Safety
/// `out` is a place for a pointer, and `out_len` for a length: checked by `arg::out`.
pub unsafe fn give_vec<T: super::types::IntoC>(
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
    // SAFETY: `IntoC` types are plain data; their bytes, padding included, are only copied.
    let bytes = unsafe {
        std::slice::from_raw_parts(
            values.as_ptr().cast::<std::mem::MaybeUninit<u8>>(),
            size_of_val(&values[..]),
        )
    };
    let buffer = allocate_uninit(bytes)?;
    // SAFETY: passed on to our caller.
    unsafe {
        out.write(buffer.cast());
        out_len.write(values.len());
    }
    Ok(())
}

/// Takes a buffer back. Null is fine.
///
/// # Safety
/// As a host promises: the pointer came from this library, and was not given back before.
pub unsafe fn free(buffer: *mut c_void) -> Result<(), Failure> {
    if buffer.is_null() {
        return Ok(());
    }
    let fail = |text| Err(Failure::of_lifecycle("free", Status::InvalidArgument, text));
    if !(buffer as usize).is_multiple_of(HEADER) {
        return fail("the pointer is none that this library has given out, or was freed already");
    }
    // SAFETY: passed on to our caller; the header lies before what the host sees.
    unsafe {
        let header = buffer.cast::<u8>().sub(HEADER).cast::<Header>();
        if (*header).mark != mark() {
            return fail(
                "the pointer is none that this library has given out, or was freed already",
            );
        }
        let layout = layout((*header).len).expect("it was right when it was allocated");
        // Volatile, because nobody is meant to read it before the memory is used again.
        (&raw mut (*header).mark).write_volatile(0);
        dealloc(header.cast(), layout);
    }
    Ok(())
}

fn allocate(bytes: &[u8]) -> Result<*mut u8, Failure> {
    // SAFETY: initialised bytes are valid as possibly uninitialised ones.
    let bytes = unsafe { std::slice::from_raw_parts(bytes.as_ptr().cast(), bytes.len()) };
    allocate_uninit(bytes)
}

fn allocate_uninit(bytes: &[std::mem::MaybeUninit<u8>]) -> Result<*mut u8, Failure> {
    let none = || Failure::new("rt0:", Status::NoMemory, Status::NoMemory.text());
    let layout = layout(bytes.len()).ok_or_else(none)?;
    // SAFETY: the layout is never empty; the writes stay inside what it describes.
    unsafe {
        let start = alloc(layout);
        if start.is_null() {
            return Err(none());
        }
        start.cast::<Header>().write(Header {
            mark: mark(),
            len: bytes.len(),
        });
        let content = start.add(HEADER);
        content.copy_from_nonoverlapping(bytes.as_ptr().cast(), bytes.len());
        content.add(bytes.len()).write(0);
        Ok(content)
    }
}

fn layout(len: usize) -> Option<Layout> {
    Layout::from_size_align(len.checked_add(HEADER + 1)?, HEADER).ok()
}
