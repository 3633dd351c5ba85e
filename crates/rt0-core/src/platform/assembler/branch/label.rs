//! A compare with memory, and a jump to the code in Rust.

/// See `mod.rs`.
///
/// # Safety
/// `word` is the place of a word that can be read.
#[doc(hidden)]
#[macro_export]
macro_rules! branch {
    (unsafe $jump:ident u32 $word:literal, $($rest:tt)*) => {
        $crate::branch! { @ $jump "dword" $word, $($rest)* }
    };
    (unsafe $jump:ident usize $word:literal, $($rest:tt)*) => {
        $crate::branch! { @ $jump "qword" $word, $($rest)* }
    };
    (@ $jump:ident $size:literal $word:literal, const $value:expr, [$($operands:tt)*] => $leave:block) => {
        $crate::branch! { @@ $jump $size $word, [value = const $value, $($operands)*] $leave }
    };
    (@ $jump:ident $size:literal $word:literal, $value:expr, [$($operands:tt)*] => $leave:block) => {
        $crate::branch! { @@ $jump $size $word, [value = in(reg) $value, $($operands)*] $leave }
    };
    (@@ $jump:ident $size:literal $word:literal, [$($operands:tt)*] $leave:block) => {
        // SAFETY: it reads the word, as our caller promises that it may. A load on this processor has Acquire
        // ordering, and the compiler moves no memory access across an `asm!` that may touch memory.
        unsafe {
            ::core::arch::asm!(
                ::core::concat!("cmp ", $size, " ptr ", $word, ", {value}"),
                ::core::concat!(::core::stringify!($jump), " {leave}"),
                $($operands)*
                leave = label $leave,
                options(nostack),
            );
        }
    };
}
