//! Other processors.

macro_rules! read_word {
    ($symbol:literal) => {{
        unsafe extern "C" {
            #[link_name = concat!("rt0_weak_", $symbol)]
            static WORD: *const ::core::ffi::c_void;
        }
        // SAFETY: reads a word that this crate defines.
        unsafe { (&raw const WORD).read_volatile() }
    }};
}

pub(crate) use read_word;
