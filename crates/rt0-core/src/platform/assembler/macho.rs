//! Mach-O: macOS.
//!
//! C's names have an underscore before them. A weak reference must be to what some library has that
//! the linker sees; it is null where that library is an older one. There is no weak reference to what the
//! same file may define. So such a word has a section of its own, and the linker tells where that
//! begins and ends: at the same place when there is none.

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
            // A section that is not empty begins with what `define_word` has put there.
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
            // It leads into the other: the linker must not take them apart.
            concat!(".alt_entry _", $inner),
            concat!(".set _", $inner, ", _", $symbol, " + {offset}"),
            align = const ($align as usize).ilog2(),
            size = const $size,
            offset = const $offset,
        );
    };
}

pub(crate) use {elf_only, in_this_file, weak, zeros};

/// Defines a hidden symbol: a word with the address of a static. See [`crate::platform::weak_symbols`] for the other
/// end.
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
            // Nobody refers to some of them but by their section.
            ::core::concat!(".no_dead_strip _", $symbol),
            ::core::concat!("_", $symbol, ": .quad {target}"),
            ".popsection",
            target = sym $target,
        );
    };
}

/// The section for a word of this name. Sixteen characters at most.
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

/// Defines a hidden function under a name of C's, which goes on to a function of Rust's with the same
/// signature.
#[macro_export]
macro_rules! define_function {
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
