//! aarch64: the page's address, then the word in it.

macro_rules! read_word {
    ($symbol:literal) => {{
        let word: *const ::core::ffi::c_void;
        // SAFETY: reads a word that this crate defines.
        unsafe {
            ::core::arch::asm!(
                concat!("adrp {word}, rt0_weak_", $symbol),
                concat!("ldr {word}, [{word}, :lo12:rt0_weak_", $symbol, "]"),
                word = out(reg) word,
                options(nostack, preserves_flags, readonly),
            );
        }
        word
    }};
}

pub(crate) use read_word;
