//! Runtimes in C, on `rt0.h`.

mod attach;
mod fork;
mod header;
mod lua;
mod runtime;
