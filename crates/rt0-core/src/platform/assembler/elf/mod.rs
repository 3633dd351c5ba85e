//! ELF: Linux, Android, the BSDs. `word` has a file for each processor that can read a word better than the compiler.

mod word;

use core::ffi::c_void;
use core::ptr::{NonNull, null_mut};

pub(crate) use self::word::read_word;
use crate::sabotage;

macro_rules! weak {
    ($($(#[$doc:meta])* $name:ident = $symbol:literal, $type:ty;)+) => {$(
        $crate::platform::assembler::weak!(@define "", $symbol);

        $(#[$doc])*
        pub fn $name() -> Option<$type> {
            $crate::platform::assembler::weak!(@read $symbol, $type)
        }
    )+};
    (@define $visibility:expr, $symbol:literal) => {
        ::core::arch::global_asm!(
            concat!(".pushsection .data.rel.ro.rt0_weak_", $symbol, ",\"aw\",%progbits"),
            concat!(".balign ", 8),
            concat!(".weak ", $symbol),
            $visibility,
            concat!(".globl rt0_weak_", $symbol),
            concat!(".hidden rt0_weak_", $symbol),
            concat!("rt0_weak_", $symbol, ": ", $crate::__word!(), " ", $symbol),
            ".popsection",
        );
    };
    (@read $symbol:literal, $type:ty) => {{
        let word = $crate::platform::assembler::read_word!($symbol);
        // SAFETY: the linker and the loader have filled the word in before any code of the library runs, and
        // nobody writes it afterwards. It is the address of what the type says, or null, which is `None`.
        unsafe { ::core::mem::transmute::<*const ::core::ffi::c_void, Option<$type>>(word) }
    }};
}

macro_rules! in_this_file {
    ($($(#[$doc:meta])* $name:ident = $symbol:literal, $type:ty;)+) => {$(
        $crate::platform::assembler::weak!(@define concat!(".hidden ", $symbol), $symbol);

        $(#[$doc])*
        pub fn $name() -> Option<::core::ptr::NonNull<$type>> {
            $crate::platform::assembler::weak!(@read $symbol, ::core::ptr::NonNull<$type>)
                .filter(|at| at.as_ptr().cast() != $crate::platform::assembler::absent())
        }
    )+};
}

// Most linkers make an undefined hidden symbol null. gold leaves it to the loader, and glibc's loader thinks
// that a hidden symbol is the file's own: it resolves it to the address where the file is loaded. So to see
// what an undefined symbol resolves to in this file, we read one that certainly nothing defines. (`cargo rt0
// inspect` knows its name, and so that the file does this.)
weak!(@define ".hidden rt0_defined_by_nobody", "rt0_defined_by_nobody");

/// The address that an undefined hidden symbol has in this file.
pub(crate) fn absent() -> *mut c_void {
    if sabotage::NO_ABSENT_CHECK {
        return null_mut();
    }
    weak!(@read "rt0_defined_by_nobody", NonNull<c_void>).map_or(null_mut(), NonNull::as_ptr)
}

// What the linker itself may define. One such symbol is the header, at the same address that an undefined
// symbol may have: so there is no check for `absent` here.
macro_rules! of_the_linker {
    ($($(#[$doc:meta])* $name:ident = $symbol:literal, $type:ty;)+) => {$(
        $crate::platform::assembler::weak!(@define concat!(".hidden ", $symbol), $symbol);

        $(#[$doc])*
        pub fn $name() -> Option<::core::ptr::NonNull<$type>> {
            $crate::platform::assembler::weak!(@read $symbol, ::core::ptr::NonNull<$type>)
        }
    )+};
}

// In a section of its own, which linkers put behind `.bss`, or before all of it: in between, large zeros would
// spread a library's small variables over more pages, and the load would touch each of them.
macro_rules! zeros {
    (
        $symbol:literal, align = $align:expr, size = $size:expr,
        $inner:literal = $offset:expr
    ) => {
        ::core::arch::global_asm!(
            concat!(".pushsection .", $symbol, ",\"aw\",%nobits"),
            ".balign {align}",
            concat!(".globl ", $symbol),
            concat!(".hidden ", $symbol),
            concat!(".type ", $symbol, ",%object"),
            concat!(".size ", $symbol, ",{size}"),
            concat!($symbol, ": .zero {size}"),
            concat!(".globl ", $inner),
            concat!(".hidden ", $inner),
            concat!(".set ", $inner, ", ", $symbol, " + {offset}"),
            ".popsection",
            align = const $align,
            size = const $size,
            offset = const $offset,
        );
    };
}

// Hidden, so a call needs no detour through the procedure linkage table.
macro_rules! begin_function {
    ($symbol:literal) => {
        concat!(
            ".pushsection .text.",
            $symbol,
            ",\"ax\",%progbits\n",
            $crate::__state!(),
            ".balign 4\n.globl ",
            $symbol,
            "\n.hidden ",
            $symbol,
            "\n.type ",
            $symbol,
            ",%function\n",
            $symbol,
            ":"
        )
    };
}

macro_rules! end_function {
    ($symbol:literal) => {
        concat!(".size ", $symbol, ", . - ", $symbol, "\n.popsection")
    };
}

pub(crate) use {
    begin_function, end_function, in_this_file, of_the_linker, weak, weak as elf_only, zeros,
};

/// Defines a hidden symbol: a word with the address of a static. [`crate::platform::weak_symbols`] looks for
/// it, by a name that is weak here as well: if everything is compiled as one unit (`lto = "fat"`), the
/// assembler accepts a name as strong or as weak, but not as both.
#[macro_export]
macro_rules! define_word {
    // With `.weak ` as the binding, it can be looked for by `$symbol` itself.
    ($binding:literal, $symbol:literal, $target:path) => {
        ::core::arch::global_asm!(
            ::core::concat!(".pushsection .data.rel.ro.", $symbol, ",\"aw\",%progbits"),
            ".balign 8",
            ::core::concat!($binding, $symbol),
            ::core::concat!(".hidden ", $symbol),
            ::core::concat!(".weak ", $symbol, "_if_any"),
            ::core::concat!(".hidden ", $symbol, "_if_any"),
            ::core::concat!($symbol, ":"),
            ::core::concat!($symbol, "_if_any:"),
            ::core::concat!($crate::__word!(), " {target}"),
            ".popsection",
            target = sym $target,
        );
    };
    ($symbol:literal, $target:path) => {
        $crate::define_word!(".globl ", $symbol, $target);
    };
}

/// Defines a hidden symbol that [`expect_mark!`](crate::expect_mark) looks for.
#[macro_export]
macro_rules! define_mark {
    ($symbol:literal) => {
        ::core::arch::global_asm!(
            ::core::concat!(".pushsection .rodata.", $symbol, ",\"a\",%progbits"),
            ::core::concat!(".globl ", $symbol),
            ::core::concat!(".hidden ", $symbol),
            ::core::concat!($symbol, ": .byte 0"),
            ".popsection",
        );
    };
}

/// Makes the linker refuse a file that refers to this symbol and does not define it. (A shared library may leave any
/// other symbol to the loader.)
#[macro_export]
macro_rules! expect_mark {
    ($symbol:literal) => {
        ::core::arch::global_asm!(::core::concat!(".hidden ", $symbol));
    };
}

/// Defines a hidden function with a C name, which jumps to a Rust function with the same signature.
/// (`#[no_mangle]` would make it visible wherever the linker is not ours.)
#[macro_export]
macro_rules! define_function {
    // With `.weak ` as the binding, it gives way to another function of that name.
    ($binding:literal, $symbol:literal, $target:path) => {
        ::core::arch::global_asm!(
            ::core::concat!(".pushsection .text.", $symbol, ",\"ax\",%progbits"),
            ::core::concat!($binding, $symbol),
            ::core::concat!(".hidden ", $symbol),
            ::core::concat!(".type ", $symbol, ",%function"),
            $crate::__function!($symbol),
            ".popsection",
            target = sym $target,
        );
    };
    ($symbol:literal, $target:path) => {
        $crate::define_function!(".globl ", $symbol, $target);
    };
}

#[cfg(target_pointer_width = "64")]
#[doc(hidden)]
#[macro_export]
macro_rules! __word {
    () => {
        ".quad"
    };
}

#[cfg(target_pointer_width = "32")]
#[doc(hidden)]
#[macro_export]
macro_rules! __word {
    () => {
        ".long"
    };
}

/// A function of this name, which jumps to another. On powerpc64le it has only one entry, for callers in this
/// file, and there are no others: when the linker gives the function a second name, it does not copy the
/// distance between the two entries.
/// On 32-bit Arm: Arm code, also for a target whose Rust functions are Thumb code. The linker switches between them.
#[cfg(target_arch = "arm")]
#[doc(hidden)]
#[macro_export]
macro_rules! __state {
    () => {
        ".arm\n"
    };
}

#[cfg(not(target_arch = "arm"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __state {
    () => {
        ""
    };
}

#[cfg(not(all(target_arch = "powerpc64", target_abi = "elfv1")))]
#[doc(hidden)]
#[macro_export]
macro_rules! __function {
    ($symbol:literal) => {
        ::core::concat!(
            $crate::__state!(),
            $symbol,
            ":\n",
            $crate::__jump!(),
            "\n.size ",
            $symbol,
            ", . - ",
            $symbol
        )
    };
}

/// The same for an ABI where a function's name is that of its descriptor. Both functions have the same table
/// of contents.
#[cfg(all(target_arch = "powerpc64", target_abi = "elfv1"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __function {
    ($symbol:literal) => {
        ::core::concat!(
            ".L",
            $symbol,
            ": ",
            $crate::__jump!(),
            "\n.pushsection .opd, \"aw\", %progbits\n.balign 8\n",
            $symbol,
            ": .quad .L",
            $symbol,
            ", .TOC.@tocbase, 0\n.size ",
            $symbol,
            ", . - ",
            $symbol,
            "\n.popsection"
        )
    };
}
