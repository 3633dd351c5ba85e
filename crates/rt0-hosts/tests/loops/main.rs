//! Loops: a queue of async exports in the event loops of real hosts, as `docs/async.md` shows them.
//!
//! On Linux only: the loops in C wait with epoll, and those of other languages load `libNAME.so`.
#![cfg(target_os = "linux")]

mod documented;
mod in_c;
mod in_go;
mod in_java;
mod in_node;
mod in_python;
mod said;
