//! Runtimes in C, on `rt0.h`.

mod attach;
mod forked;
mod header;
mod lua;
mod runtime;
