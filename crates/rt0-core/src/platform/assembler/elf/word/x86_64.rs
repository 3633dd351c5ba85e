//! x86-64: one instruction.

macro_rules! read_word {
    ($symbol:literal) => {{
        let word: *const ::core::ffi::c_void;
        // SAFETY: reads a word that this crate defines.
        unsafe {
            ::core::arch::asm!(
                concat!("mov {word}, qword ptr [rip + rt0_weak_", $symbol, "]"),
                word = out(reg) word,
                options(nostack, preserves_flags, readonly),
            );
        }
        word
    }};
}

pub(crate) use read_word;
