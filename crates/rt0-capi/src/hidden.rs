//! Hides symbols that the compiler makes visible by default, on systems with ELF.

use core::arch::global_asm;

// Only this library's own table can be meant: if there is none, the linker reports it, not the loader.
global_asm!(".hidden rt0_runtime_of_this_library");
