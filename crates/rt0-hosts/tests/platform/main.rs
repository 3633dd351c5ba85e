//! Platforms: what must work on every processor, and without a C library. (Windows: `tests/windows.rs`.)

mod every_processor;
mod nolibc;
