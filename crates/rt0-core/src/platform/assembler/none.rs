//! Any other processor: nothing, so that the error in `kernel` stays the only one.

macro_rules! weak {
    ($($(#[$doc:meta])* $name:ident = $symbol:literal, $type:ty;)+) => {$(
        $(#[$doc])*
        pub fn $name() -> Option<$type> {
            None
        }
    )+};
}

macro_rules! in_this_file {
    ($($(#[$doc:meta])* $name:ident = $symbol:literal, $type:ty;)+) => {$(
        $(#[$doc])*
        pub fn $name() -> Option<::core::ptr::NonNull<$type>> {
            None
        }
    )+};
}

macro_rules! zeros {
    ($($any:tt)*) => {};
}

macro_rules! begin_function {
    ($($any:tt)*) => {
        ""
    };
}

pub(crate) use {begin_function, begin_function as end_function};
pub(crate) use {in_this_file, in_this_file as of_the_linker, weak, weak as elf_only, zeros};
