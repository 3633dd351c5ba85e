//! Checks a host's arguments, and turns them into what the author's function takes.
//!
//! A pointer and a length can't be checked against the memory behind them. What can be found: a null or
//! misaligned pointer, an impossible length, text that is not UTF-8, bytes that are not a valid value of
//! their type, and memory that the call may change and that is passed twice. Each gives an error that names
//! the parameter.
//!
//! Whatever is borrowed from the host is borrowed for the call: no longer than [`Call`] lives.

use std::ffi::c_char;

use rt0_core::{Status, sabotage};

use super::types::{CType, FromC, Referent};
use super::{Call, Failure};
use crate::platform::addresses;

#[inline(always)]
const fn invalid(name: &'static str, text: &'static str) -> Failure {
    Failure::new(name, Status::InvalidArgument, text)
}

/// A value.
#[inline(always)]
pub fn value<T: FromC>(name: &'static str, value: T::C) -> Result<T, Failure> {
    T::from_c(value).ok_or_else(|| invalid(name, "is null or not a valid value of its type"))
}

/// Text.
///
/// # Safety
/// The host promises that `at` points to `len` bytes that nobody changes during the call.
#[inline(always)]
pub unsafe fn text<'call>(
    _call: &'call Call,
    name: &'static str,
    at: *const c_char,
    len: usize,
) -> Result<&'call str, Failure> {
    // SAFETY: passed on to our caller.
    utf8(name, unsafe { slice_at(name, at.cast::<u8>(), len)? })
}

/// Most texts are short and ASCII, which is found out in less time than whether a text is UTF-8.
#[inline(always)]
fn utf8<'a>(name: &'static str, bytes: &'a [u8]) -> Result<&'a str, Failure> {
    if is_short_ascii(bytes) {
        // SAFETY: std's check, in `is_short_ascii`: ASCII is UTF-8.
        return Ok(unsafe { std::str::from_utf8_unchecked(bytes) });
    }
    other_text(name, bytes)
}

/// Once for all exports. A long text is not looked at twice: if it were ASCII, that would win nothing.
#[inline(never)]
fn is_short_ascii(bytes: &[u8]) -> bool {
    const SHORT: usize = 256;
    bytes.len() <= SHORT && bytes.is_ascii()
}

#[inline(never)]
fn other_text<'a>(name: &'static str, bytes: &'a [u8]) -> Result<&'a str, Failure> {
    std::str::from_utf8(bytes).map_err(|error| {
        let (before, after) = ("is not valid UTF-8 from byte", " on");
        Failure::at(
            name,
            Status::InvalidUtf8,
            (before, error.valid_up_to(), after),
        )
    })
}

/// A copy of a text, for what outlives the call.
///
/// # Safety
/// As for [`text`].
#[cfg(feature = "tokio")]
pub unsafe fn copied_text(
    name: &'static str,
    at: *const c_char,
    len: usize,
) -> Result<String, Failure> {
    // SAFETY: passed on to our caller.
    let bytes = unsafe { slice_at(name, at.cast::<u8>(), len)? };
    utf8(name, bytes).map(str::to_owned)
}

/// A copy of a slice, for what outlives the call.
///
/// # Safety
/// As for [`slice()`].
#[cfg(feature = "tokio")]
pub unsafe fn copied_slice<T: CType>(
    name: &'static str,
    at: *const T,
    len: usize,
) -> Result<Vec<T>, Failure> {
    // SAFETY: passed on to our caller.
    unsafe { slice_at(name, at, len) }.map(<[T]>::to_vec)
}

/// A slice. Null is allowed if the length is zero.
///
/// # Safety
/// The host promises that `at` points to `len` elements that nobody changes during the call.
#[inline(always)]
pub unsafe fn slice<'call, T: CType>(
    _call: &'call Call,
    name: &'static str,
    at: *const T,
    len: usize,
) -> Result<&'call [T], Failure> {
    // SAFETY: passed on to our caller.
    unsafe { slice_at(name, at, len) }
}

/// The slice, for as long as our caller wants. Its caller promises that this is no longer than the host lends it.
#[inline(always)]
unsafe fn slice_at<'a, T: CType>(
    name: &'static str,
    at: *const T,
    len: usize,
) -> Result<&'a [T], Failure> {
    if len == 0 {
        return Ok(&[]);
    }
    // SAFETY: passed on to our caller; `check_slice` has checked all that can be checked.
    unsafe {
        check_slice(name, at, len)?;
        Ok(std::slice::from_raw_parts(at, len))
    }
}

/// A slice that the call may change.
///
/// # Safety
/// As for [`slice()`], and nobody else uses the elements during the call.
#[expect(
    clippy::mut_from_ref,
    reason = "the call lends its lifetime, not the elements"
)]
#[inline(always)]
pub unsafe fn slice_mut<'call, T: CType>(
    _call: &'call Call,
    name: &'static str,
    at: *mut T,
    len: usize,
) -> Result<&'call mut [T], Failure> {
    if len == 0 {
        return Ok(&mut []);
    }
    // SAFETY: passed on to our caller; `check_slice` has checked all that can be checked.
    unsafe {
        check_slice(name, at, len)?;
        Ok(std::slice::from_raw_parts_mut(at, len))
    }
}

const PAST_THE_END: &str = "extends past the end of the address space";

#[inline(always)]
unsafe fn check_slice<T: CType>(
    name: &'static str,
    at: *const T,
    len: usize,
) -> Result<(), Failure> {
    if !addresses::is_possible(at.addr()) && (at.is_null() || !sabotage::NO_OVERLAP_CHECK) {
        let text = if at.is_null() {
            "is null, but its length is not zero"
        } else {
            PAST_THE_END
        };
        return Err(invalid(name, text));
    }
    if !at.is_aligned() {
        return Err(invalid(name, "is misaligned"));
    }
    if len > isize::MAX as usize / size_of::<T>().max(1) {
        return Err(invalid(name, "has an impossible length"));
    }
    if addresses::wraps(at.addr(), len * size_of::<T>()) && !sabotage::NO_OVERLAP_CHECK {
        return Err(invalid(name, PAST_THE_END));
    }
    for i in 0..len {
        // SAFETY: passed on to our caller. For types without invalid values the compiler removes the loop.
        if !unsafe { T::check(at.add(i)) } {
            let text = ("has an invalid value at index", i, "");
            return Err(Failure::at(name, Status::InvalidArgument, text));
        }
    }
    Ok(())
}

/// The host's memory that a parameter points to.
pub struct Range {
    name: &'static str,
    start: usize,
    /// The address just past the end.
    end: usize,
    /// Whether the call may change it.
    changed: bool,
}

impl Range {
    /// The range of `len` values at `at`. It is empty for a handle, which is a number, for null and for an
    /// empty slice. A range that does not fit in the address space is refused elsewhere, when the parameter
    /// itself is checked.
    #[inline(always)]
    pub fn of<T: Referent>(
        name: &'static str,
        at: *const T::C,
        len: usize,
        changed: bool,
    ) -> Range {
        let start = at.addr();
        let bytes = if start == 0 {
            0
        } else {
            T::SIZE.saturating_mul(len)
        };
        Range {
            name,
            start,
            end: start.checked_add(bytes).unwrap_or(start),
            changed: changed && T::SIZE > 0,
        }
    }

    #[inline(always)]
    fn overlaps(&self, other: &Range) -> bool {
        (self.changed || other.changed) && self.start.max(other.start) < self.end.min(other.end)
    }
}

/// Refuses memory that the call may change if another parameter points to it too. The compiler relies on
/// Rust's promise that nobody else reads or changes what a `&mut` points to.
#[inline(always)]
pub fn apart<const N: usize>(ranges: [Range; N]) -> Result<(), Failure> {
    if sabotage::NO_OVERLAP_CHECK {
        return Ok(());
    }
    for (i, one) in ranges.iter().enumerate() {
        for other in &ranges[i + 1..] {
            if one.overlaps(other) {
                return Err(overlap(one.name, other.name));
            }
        }
    }
    Ok(())
}

#[cold]
#[inline(never)]
fn overlap(one: &'static str, other: &'static str) -> Failure {
    let (_, other) = other.rsplit_once(' ').unwrap_or(("", other));
    let text = format!(
        "{one} overlaps {other}, and the call changes one of them; pass separate memory for each"
    );
    Failure::with_text(Status::InvalidArgument.code(), text)
}

/// Held while the author's function may change `len` of the host's values. When it is dropped, it writes
/// zeros into their padding: a value that the function wrote there brought padding from this process's
/// memory.
pub struct Tidied<T: Referent> {
    at: *mut T::C,
    len: usize,
}

impl<T: Referent> Tidied<T> {
    /// # Safety
    /// The values at `at` were checked, and they stay valid until this is dropped.
    #[inline(always)]
    pub unsafe fn of(at: *mut T::C, len: usize) -> Tidied<T> {
        Tidied { at, len }
    }
}

impl<T: Referent> Drop for Tidied<T> {
    #[inline(always)]
    fn drop(&mut self) {
        if !T::HAS_PADDING || self.at.is_null() || sabotage::NO_PADDING_CLEARED {
            return;
        }
        for i in 0..self.len {
            // SAFETY: `of`'s caller promised valid values; the author's `&mut` is no longer used.
            unsafe { T::tidy(self.at.add(i)) }
        }
    }
}

/// What a shared reference points to.
///
/// # Safety
/// As for [`Referent::shared`].
#[inline(always)]
pub unsafe fn shared<'call, T: Referent>(
    call: &'call Call,
    name: &'static str,
    at: *const T::C,
) -> Result<T::Shared<'call>, Failure> {
    // SAFETY: passed on to our caller.
    unsafe { T::shared(call, name, at) }
}

/// What an exclusive reference points to.
///
/// # Safety
/// As for [`Referent::exclusive`].
#[inline(always)]
pub unsafe fn exclusive<'call, T: Referent>(
    call: &'call Call,
    name: &'static str,
    at: *mut T::C,
) -> Result<T::Exclusive<'call>, Failure> {
    // SAFETY: passed on to our caller.
    unsafe { T::exclusive(call, name, at) }
}

/// Checks the place for a result before the call does its work.
#[inline(always)]
pub fn out<T>(name: &'static str, at: *mut T) -> Result<(), Failure> {
    if at.is_null() {
        return Err(invalid(
            name,
            "is null; it must point to a place for the result",
        ));
    }
    if !at.is_aligned() {
        return Err(invalid(name, "is misaligned"));
    }
    Ok(())
}

/// Like [`out()`], for a place that may be null.
#[inline(always)]
pub fn out_or_null<T>(name: &'static str, at: *mut T) -> Result<(), Failure> {
    if at.is_null() { Ok(()) } else { out(name, at) }
}

/// Checks that the two places for one result do not overlap.
#[inline(always)]
pub fn outs_apart<A, B>(
    (one, at): (&'static str, *mut A),
    (other, beside): (&'static str, *mut B),
) -> Result<(), Failure> {
    let (start, next) = (at.addr(), beside.addr());
    // Both are aligned, so neither reaches past the last address. Null means that the host left the place
    // out.
    let meet = next != 0 && start < next + size_of::<B>() && next < start + size_of::<A>();
    if meet && !sabotage::NO_OVERLAP_CHECK {
        return Err(out_twice(one, other));
    }
    Ok(())
}

#[cold]
#[inline(never)]
fn out_twice(one: &'static str, other: &'static str) -> Failure {
    let (_, other) = other.rsplit_once(' ').unwrap_or(("", other));
    let text = format!("{one} overlaps {other}; each needs its own place");
    Failure::with_text(Status::InvalidArgument.code(), text)
}

#[cfg(test)]
mod tests {
    use std::ptr::{null, null_mut};

    use super::*;

    #[test]
    fn a_slice_is_lent_only_if_it_can_be_one() {
        let values = [1_u32, 2, 3];
        let at = values.as_ptr();
        // SAFETY: all three, or refused before anything is read.
        unsafe {
            assert_eq!(slice_at("a", at, 3).ok(), Some(&values[..]));
            assert_eq!(slice_at("a", null::<u32>(), 0).ok(), Some(&[][..]));
            for (at, len) in [
                (null(), 1),
                (at.wrapping_byte_add(1), 1),
                (at, usize::MAX / 4),
                (null::<u32>().wrapping_byte_sub(16), 5),
            ] {
                assert!(slice_at("a", at, len).is_err(), "{at:?} {len}");
            }
        }
    }

    #[test]
    fn an_invalid_value_is_never_made_one() {
        let bytes = [0_u8, 1, 2];
        // SAFETY: three bytes, checked before they are bools.
        let [two, all] =
            [2, 3].map(|len| unsafe { slice_at("a", bytes.as_ptr().cast::<bool>(), len) });
        assert_eq!(two.ok(), Some(&[false, true][..]));
        let (_, text) = all.unwrap_err().into_code_and_text();
        assert_eq!(text, "a has an invalid value at index 2");
        assert_eq!(value::<bool>("a", 1).ok(), Some(true));
        assert!(value::<bool>("a", 2).is_err());
    }

    /// Short ones are looked at in another way than long ones.
    #[test]
    fn a_text_of_any_length_is_utf8() {
        for len in [1, 15, 16, 17, 255, 256, 257, 1000] {
            let text = "a".repeat(len);
            assert_eq!(utf8("a", text.as_bytes()).ok(), Some(&*text));
            let other = format!("{text}ä");
            assert_eq!(utf8("a", other.as_bytes()).ok(), Some(&*other));
            let mut bytes = text.into_bytes();
            bytes[len - 1] = 0xff;
            let (code, said) = utf8("a", &bytes).unwrap_err().into_code_and_text();
            assert_eq!(code, Status::InvalidUtf8.code());
            let at = len - 1;
            assert_eq!(said, format!("a is not valid UTF-8 from byte {at} on"));
        }
        assert_eq!(utf8("a", b"").ok(), Some(""));
    }

    #[test]
    fn memory_that_a_call_changes_is_lent_once() {
        let mut values = [0_u32; 4];
        let at = values.as_mut_ptr();
        let range =
            |from: usize, len, changed| Range::of::<u32>("a", at.wrapping_add(from), len, changed);
        assert!(apart([range(0, 2, true), range(2, 2, true)]).is_ok());
        assert!(apart([range(0, 3, false), range(2, 2, false)]).is_ok());
        assert!(apart([range(0, 3, false), range(2, 2, true)]).is_err());
        assert!(outs_apart(("a", at), ("b", at.wrapping_add(1))).is_ok());
        assert!(outs_apart(("a", at), ("b", at)).is_err());
        assert!(outs_apart(("a", at), ("b", null_mut::<u64>())).is_ok());
        assert!(out("a", at).is_ok() && out("a", null_mut::<u8>()).is_err());
    }
}
