//! What a library lacks without std, when the process has no C library either.
//!
//! - A panic handler. It can neither report the panic nor unwind. It ends the process by a signal, right
//!   where it is, so that a debugger shows the place.
//! - `memcpy` and its like. Compilers call them without being asked, by these names and no others. A
//!   program's own object files take precedence over ours. A C library's archive does not: a linker looks
//!   there only for what is missing, and nothing is. See [`freestanding!`](crate::freestanding!).
//! - Names in precompiled unwind tables. Nothing unwinds here.
//! - The symbol by which a program that has the library's archive linked in starts the library when it starts
//!   itself. (In a library with std, only `cargo rt0 build --static` defines it: such a library may also be a
//!   dependency of somebody's tests.)

use core::ffi::{c_int, c_void};

use crate::platform::kernel;

/// Defines what a `no_std` crate lacks. Call it once in a library, besides [`crate::library!`]. Needs
/// `panic = "abort"`.
///
/// It defines `memcpy`, `memmove`, `memset`, `memcmp`, `bcmp` and `strlen`, small and slow. In a shared
/// library, and in a program without a C library, they concern nobody else. But a program that is linked
/// statically *with* a C library and with the crate's archive would get them instead of the C library's fast
/// ones. So first make one object file of the archive, in which only the exports are global, and link with
/// that:
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
        // In crates that were compiled to unwind, as this one may have been, cleanups end with a call of it.
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

/// What a panic does: it ends the process.
#[cold]
pub extern "C" fn panicked() -> ! {
    kernel::trap()
}

// All accesses below are volatile. Otherwise the compiler may recognise such a loop and replace it by a call
// of the very function that it implements.

const WORD: usize = size_of::<usize>();

/// C's `memmove`, and thus `memcpy` too.
///
/// # Safety
/// `len` bytes can be read at `from`, and written at `to`.
pub unsafe extern "C" fn copy(to: *mut c_void, from: *const c_void, len: usize) -> *mut c_void {
    let (into, from) = (to.cast::<u8>(), from.cast::<u8>());
    // How many bytes can be moved as whole words: none, unless both addresses are aligned to a word.
    let aligned = (into as usize | from as usize) % WORD == 0;
    let in_words = if aligned { len - len % WORD } else { 0 };
    let byte = |at| {
        // SAFETY: `at` is less than `len`; our caller vouches for `len` bytes.
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
        // From the front: this writes no byte that is still to be read.
        (0..in_words).step_by(WORD).for_each(word);
        (in_words..len).for_each(byte);
    } else {
        // So does this, which is rare, and thus has no way of its own for words.
        (0..len).rev().for_each(byte);
    }
    to
}

/// C's `memset`.
///
/// # Safety
/// `len` bytes can be written at `to`.
pub unsafe extern "C" fn fill(to: *mut c_void, byte: c_int, len: usize) -> *mut c_void {
    for at in 0..len {
        // SAFETY: our caller vouches for `len` bytes.
        unsafe { to.cast::<u8>().add(at).write_volatile(byte as u8) };
    }
    to
}

/// C's `memcmp`, and thus `bcmp` too.
///
/// # Safety
/// `len` bytes can be read at `a` and at `b`.
pub unsafe extern "C" fn compare(a: *const c_void, b: *const c_void, len: usize) -> c_int {
    for at in 0..len {
        // SAFETY: our caller vouches for `len` bytes.
        let byte =
            |of: *const c_void| c_int::from(unsafe { of.cast::<u8>().add(at).read_volatile() });
        let difference = byte(a) - byte(b);
        if difference != 0 {
            return difference;
        }
    }
    0
}

/// C's `strlen`.
///
/// # Safety
/// `text` ends with a zero byte.
pub unsafe extern "C" fn length(text: *const c_void) -> usize {
    let mut len = 0;
    // SAFETY: our caller says that there is a zero byte; all bytes up to it are part of the text.
    while unsafe { text.cast::<u8>().add(len).read_volatile() } != 0 {
        len += 1;
    }
    len
}

#[cfg(test)]
mod tests {
    use super::*;

    extern crate std;

    /// Every offset and length, in either direction, compared with `copy_within`.
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
