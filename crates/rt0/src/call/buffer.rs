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
    // SAFETY: passed on to our caller.
    if unsafe { deallocate(buffer) } {
        return Ok(());
    }
    let text = "the pointer was not allocated by this library, or was already freed";
    Err(Failure::of_lifecycle("free", Status::InvalidArgument, text))
}

/// Frees a buffer, unless it seems to be none of this library's. Null is allowed.
///
/// # Safety
/// As for [`free`].
unsafe fn deallocate(buffer: *mut c_void) -> bool {
    if buffer.is_null() {
        return true;
    }
    if buffer as usize % HEADER != 0 {
        return false;
    }
    // SAFETY: passed on to our caller; the header is just before what the host sees.
    unsafe {
        let header = buffer.cast::<u8>().sub(HEADER).cast::<Header>();
        if (*header).mark != mark() {
            return false;
        }
        let layout = layout((*header).len).expect("it was right when it was allocated");
        // Volatile: otherwise the compiler could drop a write that nothing reads before the memory is freed.
        (&raw mut (*header).mark).write_volatile(0);
        dealloc(header.cast(), layout);
    }
    true
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

#[cfg(test)]
mod tests {
    use std::mem::MaybeUninit;
    use std::ptr::{null_mut, slice_from_raw_parts};

    use rt0_abi::TypeCode;

    use super::super::types::Type;
    use super::*;

    /// With seven bytes of padding, and more at its end.
    #[derive(Clone, Copy)]
    #[repr(C)]
    struct Padded {
        small: u8,
        large: u64,
        last: u16,
    }

    // SAFETY: never used in a description.
    unsafe impl Type for Padded {
        const TYPE: TypeCode = TypeCode::leaf(b'?');
    }

    // SAFETY: `put` writes each field.
    unsafe impl IntoC for Padded {
        const HAS_PADDING: bool = true;

        unsafe fn put(self, at: *mut Padded) {
            // SAFETY: passed on to our caller.
            unsafe {
                (&raw mut (*at).small).write(self.small);
                (&raw mut (*at).large).write(self.large);
                (&raw mut (*at).last).write(self.last);
            }
        }
    }

    /// What a host gets for this text, with the zero that ends it.
    fn string(text: &str) -> (*mut c_char, Vec<u8>) {
        let (mut at, mut len) = (null_mut(), 0);
        // SAFETY: places for both.
        unsafe { give_string(&raw mut at, &raw mut len, text.to_owned()) }.unwrap();
        assert_eq!(len, text.len());
        // SAFETY: a text and its zero.
        let bytes = unsafe { &*slice_from_raw_parts(at.cast::<u8>(), len + 1) };
        (at, bytes.to_vec())
    }

    fn freed<T>(at: *mut T) -> bool {
        // SAFETY: null, or of this library and not freed, or with room for a header before it.
        unsafe { deallocate(at.cast()) }
    }

    #[test]
    fn a_text_ends_with_a_zero_and_is_freed() {
        for text in ["", "é", "fifteen bytes..", "sixteen bytes..."] {
            let (at, bytes) = string(text);
            assert_eq!(bytes, [text.as_bytes(), &[0]].concat());
            assert!(freed(at));
        }
        assert!(freed(null_mut::<u8>()));
        let mut at = null_mut();
        // SAFETY: the place for the length may be left out.
        unsafe { give_string(&raw mut at, null_mut(), "text".to_owned()) }.unwrap();
        assert!(freed(at));
    }

    /// Also the bytes between the fields are written: reading one that is not is an error for Miri.
    #[test]
    fn of_a_vector_each_byte_is_given() {
        let one = Padded {
            small: 1,
            large: 2,
            last: 3,
        };
        let (mut at, mut len) = (null_mut(), 0);
        // SAFETY: places for both.
        unsafe { give_vec(&raw mut at, &raw mut len, vec![one, one]) }.unwrap();
        assert_eq!(len, 2);
        // SAFETY: as many bytes.
        let bytes = unsafe { &*slice_from_raw_parts(at.cast::<u8>(), 2 * size_of::<Padded>()) };
        assert_eq!(bytes.iter().map(|byte| u32::from(*byte)).sum::<u32>(), 12);
        assert!(freed(at));
        // SAFETY: places for both.
        unsafe { give_vec(&raw mut at, &raw mut len, Vec::new()) }.unwrap();
        assert!(len == 0 && freed(at));
    }

    #[test]
    fn memory_of_others_is_not_freed() {
        #[repr(align(16))]
        struct Memory([MaybeUninit<u8>; 64]);
        let mut memory = Memory([MaybeUninit::new(0xa5); 64]);
        let at = memory.0.as_mut_ptr();
        // SAFETY: inside the array, with room for a header.
        let (inside, misaligned) = unsafe { (at.add(HEADER), at.add(HEADER + 1)) };
        assert!(!freed(inside) && !freed(misaligned));
    }
}
