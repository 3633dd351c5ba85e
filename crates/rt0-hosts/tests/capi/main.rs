//! Runtimes in C, on `rt0.h`.
//!
//! On Linux only: the hosts are linked with options of linkers for ELF files, and some read `/proc`.
#![cfg(target_os = "linux")]

mod attach;
mod forked;
mod header;
mod lua;
mod runtime;
