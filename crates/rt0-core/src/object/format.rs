//! Any other processor: nothing, so that the sentence in `sys` stays the only one.

macro_rules! weak {
    ($($(#[$doc:meta])* $name:ident = $symbol:literal, $type:ty;)+) => {$(
        $(#[$doc])*
        pub fn $name() -> Option<$type> {
            None
        }
    )+};
}

macro_rules! zeros {
    ($($any:tt)*) => {};
}

pub(crate) use {weak, weak as elf_only, weak as in_this_file, zeros};
