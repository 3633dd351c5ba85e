//! Hides symbols that the compiler makes visible by default, on systems with ELF.

use core::arch::global_asm;

// Only this library's own table can be meant: if there is none, the linker reports it, not the loader.
global_asm!(".hidden rt0_runtime_of_this_library");

// This is a naked function. When rustc links, its version script hides it; but here a C compiler links.
global_asm!(
    ".hidden {call_on_stack}",
    call_on_stack = sym rt0_core::platform::kernel::call_on_stack,
);
