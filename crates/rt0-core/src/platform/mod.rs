//! What the system and the processor give: everything that differs between them, and nothing that knows
//! of a library.
//!
//! Each concern is a folder with one file a system, chosen in its `mod.rs`, which says what each of these files
//! must provide. All of it goes to the system by [`kernel`], and reaches a C library, where the process has one,
//! by [`weak_symbols`]. `README.md` beside this file says what a port has to write.

#[macro_use]
mod contract;

pub mod address_space;
pub(crate) mod assembler;
// Other systems have no programs without a C library.
#[cfg(any(target_os = "android", target_os = "linux"))]
pub mod freestanding;
pub mod image;
pub mod kernel;
pub mod loader;
pub mod stack;
pub mod thread;
pub mod weak_symbols;
