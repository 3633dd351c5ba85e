//! Everything that differs between systems and processors. Nothing here knows what a library is.
//!
//! Most modules are a folder with one file per system. The folder's `mod.rs` chooses one of them and says
//! what each must provide. All of them call the system through [`kernel`] and, if the process has a C
//! library, call that through [`weak_symbols`]. `README.md` beside this file says what to write for a port.

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
