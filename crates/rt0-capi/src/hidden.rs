//! What the compiler makes visible without being asked: naked functions.
//!
//! In a library that rustc links, its version script hides them. Here a C compiler links.

core::arch::global_asm!(
    ".hidden {call_on_stack}",
    call_on_stack = sym rt0_core::sys::call_on_stack,
);
