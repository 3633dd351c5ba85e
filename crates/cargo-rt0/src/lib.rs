//! What `cargo rt0` does, as a library: `main.rs` and its commands only parse, call and print.
//!
//! | step | here |
//! |---|---|
//! | read a built file without loading it | [`image`], [`description`] |
//! | see a Rust signature as C does | [`c`] |
//! | write the header | [`header`] |
//! | write packages for other languages | [`bindings`] |
//! | build the shared library and the archive | [`build`](mod@build), [`linker`], [`symbols`] |
//! | install them | [`install`](mod@install) |
//! | say what a file holds and whether it is right | [`inspect`] |
//! | make a new project | [`scaffold`] |
//!
//! `cargo rt0 doctor` and `cargo rt0 trace` are crates of their own, `rt0-doctor` and `rt0-trace`.
//!
//! A program other than `cargo-rt0` that calls [`build::build`] must call [`linker::intercept`] at the top of
//! its `main`: the compiler runs the same program again as its linker.

#![forbid(unsafe_code)]

pub mod bindings;
pub mod build;
pub mod c;
mod c_library;
pub mod description;
pub mod error;
pub mod header;
pub mod image;
mod imports;
pub mod inspect;
pub mod install;
mod keep;
pub mod linker;
mod macho;
pub mod progress;
pub mod scaffold;
mod segments;
pub mod symbols;
mod this_system;

pub use error::{Error, Result};
