//! A runtime that starts by itself, for Rust shared libraries.
//!
//! ```
//! use std::collections::HashMap;
//!
//! struct Words(HashMap<String, u64>);
//!
//! #[rt0::init]                                   // runs once, on a thread of its own, from load on
//! fn init(args: rt0::Args) -> Result<Words, String> {
//!     let text = args.var("TEXT").and_then(|text| text.to_str()).unwrap_or("to be or not to be");
//!     let mut words = HashMap::new();
//!     for word in text.split_whitespace() {
//!         *words.entry(word.to_owned()).or_default() += 1;
//!     }
//!     Ok(Words(words))
//! }
//!
//! /// How often the word occurs.
//! #[rt0::export]                                 // a C function, which waits until init is done
//! fn count(words: rt0::State<'_, Words>, word: &str) -> Result<u64, String> {
//!     Ok(words.0.get(word).copied().unwrap_or(0))
//! }
//! # fn main() {}
//! ```
//!
//! Built as a `cdylib`, this boots when a host loads it; `dlopen` does not wait for it. The first call
//! waits, with a deadline; the calls after that pay one load and one compare.
//!
//! # What an author writes
//!
//! | | |
//! |---|---|
//! | [`macro@init`] | the start of the library; what it returns is the [`State`] |
//! | [`macro@export`] | a function that hosts call |
//! | [`macro@main`] | optional: runs after init, for as long as it likes |
//! | [`macro@exit`] | optional: the orderly end |
//! | [`macro@gated`], [`ready()`] | the gate alone, for those who have a binding generator already |
//! | [`macro@CType`], [`macro@handle`] | structs, enums and opaque handles in the C interface |
//! | [`shutdown()`] | the end, for hooks by which the host's virtual machine says that it goes |
//!
//! # What a host may set in its environment
//!
//! Each for all libraries in the process, or with `_NAME` after it (the library's name) for one. They
//! are read once, at load, and ignored in a process that runs with more rights than its caller.
//!
//! | variable | value |
//! |---|---|
//! | `RT0_START` | `load`, `lazy`, `manual` or `quiet`: see [`macro@init`] |
//! | `RT0_WORKERS` | how many worker threads the runtime has: 1 to 32768 |
//! | `RT0_THREAD_NAME` | what the names of the runtime's threads begin with |
//! | `RT0_STACK_SIZE` | the stack of the library's threads, in bytes: 65536 to 1073741824 |
//! | `RT0_EXIT_TIMEOUT` | how long the exit of the process may wait for the library, in milliseconds: 0 to 3600000 |
//! | `RT0_RETRY` | what a call does that finds a failed boot: `never`: it gets the error; `on-call`: it boots again |
//! | `RT0_RETRY_PAUSE` | how long after the failure it does so, in milliseconds: 0 to 86400000 |
//! | `RT0_COLLECTOR_SIGNALS` | `none`, `usual` or `usr`: which signals may stop the library's threads, see [`macro@init`] |
//! | `RT0_PANIC` | `print`: panics are printed to stderr as well as returned |
//!
//! One name can mean two things. To a library that is called `pause`, `RT0_RETRY_PAUSE` is its own
//! `RT0_RETRY`; to all others it is the pause. A host with such a library sets the pause of each by
//! `RT0_RETRY_PAUSE_NAME` instead: `RT0_RETRY_PAUSE_PAUSE` for this one. In the same way a library called
//! `pause_NAME` takes `RT0_RETRY_PAUSE_NAME`, the pause of the library `NAME`, for its own `RT0_RETRY`.
#![deny(unsafe_op_in_unsafe_fn)]

mod args;
mod boot;
mod call;
mod config;
mod error;
mod exit;
mod failure;
mod generation;
mod in_flight;
mod interpose;
mod library;
mod lifecycle;
mod platform;
mod runtime;
mod shutdown;

pub use args::Args;
#[cfg(feature = "tokio")]
pub use call::on_runtime::{block_on, block_on_for, handle, spawn};
pub use call::ready::{Ready, ready, start};
pub use error::{Error, ErrorCode};
pub use generation::state::{SharedState, State};
pub use lifecycle::end::shutdown;
pub use rt0_core::Status;
pub use runtime::stop_signal::Stop;

pub use rt0_macros::{CType, exit, export, gated, handle, init, main};

#[doc(hidden)]
pub mod __private;
