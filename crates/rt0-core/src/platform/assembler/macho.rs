//! Mach-O: macOS.
//!
//! C names begin with an underscore. A weak reference must be to a symbol in some library that the linker
//! sees; it is null if the library at run time is an older one without the symbol. There are no weak
//! references to what the same file may define. So such a word has a section of its own, and the linker gives
//! us the section's start and end. They are equal if there is no such word.

macro_rules! weak {
    ($($(#[$doc:meta])* $name:ident = $symbol:literal, $type:ty;)+) => {$(
        ::core::arch::global_asm!(
            ".pushsection __DATA,__const",
            ".p2align 3",
            concat!(".weak_reference _", $symbol),
            concat!(".private_extern _rt0_weak_", $symbol),
            concat!(".globl _rt0_weak_", $symbol),
            concat!("_rt0_weak_", $symbol, ": .quad _", $symbol),
            ".popsection",
        );

        $(#[$doc])*
        pub fn $name() -> Option<$type> {
            unsafe extern "C" {
                #[link_name = concat!("rt0_weak_", $symbol)]
                static WORD: Option<$type>;
            }
            // SAFETY: the word is defined right above; the linker and the loader have filled it
            // in before any code of the library runs, and nobody writes it afterwards. A null
            // is `None`.
            unsafe { (&raw const WORD).read_volatile() }
        }
    )+};
}

macro_rules! elf_only {
    ($($(#[$doc:meta])* $name:ident = $symbol:literal, $type:ty;)+) => {$(
        $(#[$doc])*
        pub fn $name() -> Option<$type> {
            None
        }
    )+};
}

macro_rules! in_this_file {
    ($($(#[$doc:meta])* $name:ident = $symbol:tt, $type:ty;)+) => {$(
        $(#[$doc])*
        pub fn $name() -> Option<::core::ptr::NonNull<$type>> {
            unsafe extern "C" {
                #[link_name = concat!("\u{1}section$start$__DATA$", $crate::__section!($symbol))]
                static START: $type;
                #[link_name = concat!("\u{1}section$end$__DATA$", $crate::__section!($symbol))]
                static END: $type;
            }
            let (start, end) = (&raw const START, &raw const END);
            // A section that is not empty begins with the word that `define_word` has put there.
            ::core::ptr::NonNull::new(start.cast_mut()).filter(|_| start != end)
        }
    )+};
}

macro_rules! zeros {
    (
        $symbol:literal, align = $align:expr, size = $size:expr,
        $inner:literal = $offset:expr
    ) => {
        ::core::arch::global_asm!(
            concat!(".private_extern _", $symbol),
            concat!(".globl _", $symbol),
            concat!(".zerofill __DATA,__bss,_", $symbol, ",{size},{align}"),
            concat!(".private_extern _", $inner),
            concat!(".globl _", $inner),
            // It is inside the other symbol: the linker must not separate them.
            concat!(".alt_entry _", $inner),
            concat!(".set _", $inner, ", _", $symbol, " + {offset}"),
            align = const ($align as usize).ilog2(),
            size = const $size,
            offset = const $offset,
        );
    };
}

macro_rules! begin_function {
    ($symbol:literal) => {
        concat!(
            ".pushsection __TEXT,__text,regular,pure_instructions\n.p2align 2\n.private_extern _",
            $symbol,
            "\n.globl _",
            $symbol,
            "\n_",
            $symbol,
            ":"
        )
    };
}

macro_rules! end_function {
    ($symbol:literal) => {
        ".popsection"
    };
}

pub(crate) use {begin_function, elf_only, end_function, in_this_file, weak, zeros};

/// Defines a hidden symbol: a word with the address of a static. [`crate::platform::weak_symbols`] looks for
/// it.
#[macro_export]
macro_rules! define_word {
    // A word is found by its section, so its binding does not matter.
    ($binding:literal, $symbol:tt, $target:path) => {
        $crate::define_word!($symbol, $target);
    };
    ($symbol:tt, $target:path) => {
        ::core::arch::global_asm!(
            ::core::concat!(".pushsection __DATA,", $crate::__section!($symbol)),
            ".p2align 3",
            ::core::concat!(".private_extern _", $symbol),
            ::core::concat!(".globl _", $symbol),
            // Some of them are only referred to by their section.
            ::core::concat!(".no_dead_strip _", $symbol),
            ::core::concat!("_", $symbol, ": .quad {target}"),
            ".popsection",
            target = sym $target,
        );
    };
}

/// Defines a hidden symbol that [`expect_mark!`](crate::expect_mark) looks for.
#[macro_export]
macro_rules! define_mark {
    ($symbol:literal) => {
        ::core::arch::global_asm!(
            ".pushsection __TEXT,__const",
            ::core::concat!(".private_extern _", $symbol),
            ::core::concat!(".globl _", $symbol),
            ::core::concat!("_", $symbol, ": .byte 0"),
            ".popsection",
        );
    };
}

/// The linker refuses a file that does not define a symbol to which it refers.
#[macro_export]
macro_rules! expect_mark {
    ($symbol:literal) => {};
}

/// The section for a word of this name. A section's name has at most sixteen characters.
#[doc(hidden)]
#[macro_export]
macro_rules! __section {
    ("rt0_init_of_this_library") => {
        "__rt0_init"
    };
    ("rt0_init_of_this_library_if_any") => {
        "__rt0_init"
    };
    ("rt0_main_of_this_library") => {
        "__rt0_main"
    };
    ("rt0_main_of_this_library_if_any") => {
        "__rt0_main"
    };
    ("rt0_exit_of_this_library") => {
        "__rt0_exit"
    };
    ("rt0_exit_of_this_library_if_any") => {
        "__rt0_exit"
    };
    ("rt0_in_archive") => {
        "__rt0_in_archive"
    };
}

/// Defines a hidden function with a C name, which jumps to a Rust function with the same signature.
#[macro_export]
macro_rules! define_function {
    // Nothing can take such a function's place here.
    (".weak ", $symbol:literal, $target:path) => {
        $crate::define_function!($symbol, $target);
    };
    ($symbol:literal, $target:path) => {
        ::core::arch::global_asm!(
            ".pushsection __TEXT,__text,regular,pure_instructions",
            ".p2align 4",
            ::core::concat!(".private_extern _", $symbol),
            ::core::concat!(".globl _", $symbol),
            ::core::concat!("_", $symbol, ": ", $crate::__jump!()),
            ".popsection",
            target = sym $target,
        );
    };
}
