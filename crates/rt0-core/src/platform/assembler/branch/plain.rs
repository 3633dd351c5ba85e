//! A load in assembly, and the rest in Rust.

/// See `mod.rs`.
///
/// # Safety
/// `word` is the place of a word that can be read.
#[doc(hidden)]
#[macro_export]
macro_rules! branch {
    (unsafe $jump:ident u32 $word:literal, $($rest:tt)*) => {
        $crate::branch! { @ $jump u32 "mov {found:e}, dword ptr " $word, $($rest)* }
    };
    (unsafe $jump:ident usize $word:literal, $($rest:tt)*) => {
        $crate::branch! { @ $jump usize "mov {found}, qword ptr " $word, $($rest)* }
    };
    (@ $jump:ident $type:ident $load:literal $word:literal, const $($rest:tt)*) => {
        $crate::branch! { @ $jump $type $load $word, $($rest)* }
    };
    (@ $jump:ident $type:ident $load:literal $word:literal, $value:expr, [$($operands:tt)*] => $leave:block) => {{
        let found: $type;
        // SAFETY: it reads the word, as our caller promises that it may. A load on this processor has Acquire
        // ordering, and the compiler moves no memory access across an `asm!` that may touch memory.
        unsafe {
            ::core::arch::asm!(
                ::core::concat!($load, $word),
                found = out(reg) found,
                $($operands)*
                options(nostack, preserves_flags),
            );
        }
        if $crate::branch!(@ $jump found, $value) $leave
    }};
    (@ jne $found:ident, $value:expr) => {
        $found != $value
    };
    (@ je $found:ident, $value:expr) => {
        $found == $value
    };
}
