//! COFF: Windows.
//!
//! A weak reference is an absolute zero if nothing defines the symbol. What is not exported is hidden anyway.
//! We use no C library here, so there is no `weak!`.

macro_rules! in_this_file {
    ($($(#[$doc:meta])* $name:ident = $symbol:literal, $type:ty;)+) => {$(
        ::core::arch::global_asm!(
            concat!(".section .rdata$rt0_weak_", $symbol, ",\"dr\""),
            ".balign 8",
            concat!(".weak ", $symbol),
            concat!(".globl rt0_weak_", $symbol),
            concat!("rt0_weak_", $symbol, ": .quad ", $symbol),
            ".text",
        );

        $(#[$doc])*
        pub fn $name() -> Option<::core::ptr::NonNull<$type>> {
            unsafe extern "C" {
                #[link_name = concat!("rt0_weak_", $symbol)]
                static WORD: Option<::core::ptr::NonNull<$type>>;
            }
            // SAFETY: the word is defined right above; the linker and the loader have filled it
            // in before any code of the library runs, and nobody writes it afterwards. A null
            // is `None`.
            unsafe { (&raw const WORD).read_volatile() }
        }
    )+};
}

macro_rules! zeros {
    (
        $symbol:literal, align = $align:expr, size = $size:expr,
        $inner:literal = $offset:expr
    ) => {
        ::core::arch::global_asm!(
            concat!(".section .bss$", $symbol, ",\"bw\""),
            ".balign {align}",
            concat!(".globl ", $symbol),
            concat!($symbol, ": .zero {size}"),
            concat!(".globl ", $inner),
            concat!(".set ", $inner, ", ", $symbol, " + {offset}"),
            ".text",
            align = const $align,
            size = const $size,
            offset = const $offset,
        );
    };
}

pub(crate) use {in_this_file, zeros};

/// Defines a symbol: a word with the address of a static. [`crate::platform::weak_symbols`] looks for it.
#[macro_export]
macro_rules! define_word {
    ($symbol:literal, $target:path) => {
        ::core::arch::global_asm!(
            ::core::concat!(".section .rdata$", $symbol, ",\"dr\""),
            ".balign 8",
            ::core::concat!(".globl ", $symbol),
            ::core::concat!(".globl ", $symbol, "_if_any"),
            ::core::concat!($symbol, ":"),
            ::core::concat!($symbol, "_if_any: .quad {target}"),
            ".text",
            target = sym $target,
        );
    };
}

/// Defines a symbol that [`expect_mark!`](crate::expect_mark) looks for.
#[macro_export]
macro_rules! define_mark {
    ($symbol:literal) => {
        ::core::arch::global_asm!(
            ::core::concat!(".section .rdata$", $symbol, ",\"dr\""),
            ::core::concat!(".globl ", $symbol),
            ::core::concat!($symbol, ": .byte 0"),
            ".text",
        );
    };
}

/// The linker refuses a file that does not define a symbol to which it refers.
#[macro_export]
macro_rules! expect_mark {
    ($symbol:literal) => {};
}
