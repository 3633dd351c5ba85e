//! What a library without std lacks, and a process without a C library does not have either.
//!
//! - A panic handler. There is nobody to tell, and nothing that could be unwound: it ends the process by a
//!   signal, at the place, for a debugger to see.
//! - `memcpy` and its like, which compilers call on their own, by these names and no others. A program's own
//!   objects go before them. A C library's archive does not: a linker looks there only for what is missing,
//!   and nothing is. See [`freestanding!`](crate::freestanding!).
//! - Names in precompiled unwind tables. Nobody unwinds here.
//! - The word that says that a program which has the library's archive inside is not the library's own, so
//!   that its start is a load. (A library with std is known by it to `cargo rt0 build --static`: it may
//!   also be a dependency of somebody's tests.)

use core::ffi::{c_int, c_void};

use crate::platform::kernel;

/// Makes a crate that is `no_std` complete: once in a library, besides [`crate::library!`]. Needs
/// `panic = "abort"`.
///
/// It brings a `memcpy`, `memmove`, `memset`, `memcmp`, `bcmp` and `strlen`, small and slow. In a shared
/// library, and in a program without a C library, nobody else has to do with them. But a program that is
/// linked statically *with* a C library, and with the crate's archive, would have them in place of that one's
/// fast ones. So make one object of the archive first, in which only the exports are global, and link with that:
///
/// ```sh
/// ld -r --whole-archive -o all.o libNAME.a
/// objcopy --wildcard --keep-global-symbol='NAME_*' all.o NAME.o
/// ```
#[macro_export]
macro_rules! freestanding {
    () => {
        #[panic_handler]
        fn panic(_: &::core::panic::PanicInfo<'_>) -> ! {
            $crate::platform::freestanding::panicked()
        }

        $crate::define_function!(".weak ", "memcpy", $crate::platform::freestanding::copy);
        $crate::define_function!(".weak ", "memmove", $crate::platform::freestanding::copy);
        $crate::define_function!(".weak ", "memset", $crate::platform::freestanding::fill);
        $crate::define_function!(".weak ", "memcmp", $crate::platform::freestanding::compare);
        $crate::define_function!(".weak ", "bcmp", $crate::platform::freestanding::compare);
        $crate::define_function!(".weak ", "strlen", $crate::platform::freestanding::length);
        $crate::define_function!(
            ".weak ",
            "rust_eh_personality",
            $crate::platform::freestanding::panicked
        );
        // Cleanups end with it in crates that were compiled to unwind, as this one may have been.
        $crate::define_function!(
            ".weak ",
            "_Unwind_Resume",
            $crate::platform::freestanding::panicked
        );
        $crate::define_function!(
            ".weak ",
            "rt0_in_archive",
            $crate::platform::freestanding::panicked
        );
        #[cfg(target_arch = "arm")]
        $crate::define_function!(
            ".weak ",
            "__aeabi_unwind_cpp_pr0",
            $crate::platform::freestanding::panicked
        );
        #[cfg(target_arch = "arm")]
        $crate::define_function!(
            ".weak ",
            "__aeabi_unwind_cpp_pr1",
            $crate::platform::freestanding::panicked
        );
    };
}

/// What a panic comes to.
#[cold]
pub extern "C" fn panicked() -> ! {
    kernel::trap()
}

// All accesses below are volatile. A compiler that sees through such a loop replaces it by a call of the
// function that it is.

const WORD: usize = size_of::<usize>();

/// C's `memmove`, and thus `memcpy` too.
///
/// # Safety
/// So many bytes can be read and written there.
pub unsafe extern "C" fn copy(to: *mut c_void, from: *const c_void, len: usize) -> *mut c_void {
    let (into, from) = (to.cast::<u8>(), from.cast::<u8>());
    // How many bytes can be moved in words: none, unless both sides begin at a word.
    let aligned = (into as usize | from as usize).is_multiple_of(WORD);
    let in_words = if aligned { len - len % WORD } else { 0 };
    let byte = |at| {
        // SAFETY: `at` is less than `len`; our caller vouches for so many bytes.
        unsafe { into.add(at).write_volatile(from.add(at).read_volatile()) }
    };
    let word = |at| {
        // SAFETY: likewise; `at` is a multiple of a word's size, as both addresses are.
        unsafe {
            let value = from.add(at).cast::<usize>().read_volatile();
            into.add(at).cast::<usize>().write_volatile(value);
        }
    };
    if (into as usize).wrapping_sub(from as usize) >= len {
        // From the front: no byte is written that is still to be read.
        (0..in_words).step_by(WORD).for_each(word);
        (in_words..len).for_each(byte);
    } else {
        (in_words..len).rev().for_each(byte);
        (0..in_words).step_by(WORD).rev().for_each(word);
    }
    to
}

/// C's `memset`.
///
/// # Safety
/// So many bytes can be written there.
pub unsafe extern "C" fn fill(to: *mut c_void, byte: c_int, len: usize) -> *mut c_void {
    for at in 0..len {
        // SAFETY: our caller vouches for so many bytes.
        unsafe { to.cast::<u8>().add(at).write_volatile(byte as u8) };
    }
    to
}

/// C's `memcmp`, and thus `bcmp` too.
///
/// # Safety
/// So many bytes can be read at both places.
pub unsafe extern "C" fn compare(a: *const c_void, b: *const c_void, len: usize) -> c_int {
    for at in 0..len {
        // SAFETY: our caller vouches for so many bytes.
        let [a, b] = [a, b].map(|from| unsafe { from.cast::<u8>().add(at).read_volatile() });
        if a != b {
            return c_int::from(a) - c_int::from(b);
        }
    }
    0
}

/// C's `strlen`.
///
/// # Safety
/// A text with its zero.
pub unsafe extern "C" fn length(text: *const c_void) -> usize {
    let mut len = 0;
    // SAFETY: our caller says that there is a zero; none of the bytes up to it is beyond the text.
    while unsafe { text.cast::<u8>().add(len).read_volatile() } != 0 {
        len += 1;
    }
    len
}

#[cfg(test)]
mod tests {
    use super::*;

    extern crate std;

    /// Every offset and length, in either direction, against the slices' own.
    #[test]
    fn moving_is_right_in_every_alignment_and_direction() {
        let start: [u8; 64] = core::array::from_fn(|i| i as u8 + 1);
        for (to, from) in (0..20).flat_map(|to| (0..20).map(move |from| (to, from))) {
            for len in 0..40 {
                let (mut ours, mut theirs) = (start, start);
                theirs.copy_within(from..from + len, to);
                // SAFETY: both inside the array.
                unsafe {
                    let at = ours.as_mut_ptr();
                    copy(at.add(to).cast(), at.add(from).cast(), len);
                }
                assert_eq!(ours, theirs, "{len} bytes from {from} to {to}");
            }
        }
    }

    #[test]
    fn filling_comparing_and_measuring() {
        let mut text = *b"abcdef\0";
        // SAFETY: inside the arrays.
        unsafe {
            fill(text[1..].as_mut_ptr().cast(), i32::from(b'x') + 256, 2);
            assert_eq!(&text, b"axxdef\0");
            assert_eq!(length(text.as_ptr().cast()), 6);
            let order = |a: &[u8], b: &[u8]| compare(a.as_ptr().cast(), b.as_ptr().cast(), a.len());
            assert_eq!(order(b"same", b"same"), 0);
            assert!(order(b"a\xff", b"a\x01") > 0 && order(b"a\x01", b"a\xff") < 0);
        }
    }
}
