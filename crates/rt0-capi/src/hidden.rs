//! What the compiler makes visible without being asked, on systems with ELF.

use core::arch::global_asm;

// Only this library's own table can be meant: where there is none, the linker says so, and not the loader.
global_asm!(".hidden rt0_runtime_of_this_library");

// A naked function. In a library that rustc links, its version script hides it; here a C compiler links.
global_asm!(
    ".hidden {call_on_stack}",
    call_on_stack = sym rt0_core::platform::kernel::call_on_stack,
);
