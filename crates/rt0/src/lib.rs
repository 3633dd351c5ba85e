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
//! Built as a `cdylib`, this library boots when a host loads it. `dlopen` does not wait for the boot; the
//! first call does, with a deadline. Each later look at the gate costs one load, one compare, one branch.
//!
//! Some of what protects a host is done by the linker. `cargo rt0 build` asks it; with maturin, napi-rs, UniFFI or
//! plain cargo, a build script does: `fn main() { rt0_build::setup(); }`, with the crate `rt0-build` among the
//! `[build-dependencies]`.
//!
//! # What an author writes
//!
//! | | |
//! |---|---|
//! | [`macro@init`] | the start of the library; what it returns is the [`State`] |
//! | [`macro@export`] | a function that hosts call |
//! | [`macro@main`] | optional: runs after init, for as long as it likes |
//! | [`macro@exit`] | optional: cleans up before the library ends |
//! | [`macro@gated`], [`ready()`], [`ready_with()`], [`ready_async()`], [`when_ready()`] | only the wait for the boot, for authors who use a binding generator |
//! | [`macro@CType`], [`macro@handle`] | structs, enums and opaque handles in the C interface |
//! | [`shutdown()`], [`end()`] | end the library: until the next call, or for good when the host's virtual machine ends |
//!
//! # What a host may set in its environment
//!
//! Each variable applies to all libraries in the process. With `_NAME` appended (the library's name) it
//! applies to that library only. The variables are read once, at load. A process that runs with more rights
//! than its caller ignores them.
//!
//! | variable | value |
//! |---|---|
//! | `RT0_START` | `load`, `lazy`, `manual` or `quiet`: see [`macro@init`] |
//! | `RT0_WORKERS` | the number of the runtime's worker threads: 1 to 32768 |
//! | `RT0_THREAD_NAME` | the prefix of the names of the runtime's threads |
//! | `RT0_STACK_SIZE` | the stack of the library's threads, in bytes: 65536 to 1073741824 |
//! | `RT0_EXIT_TIMEOUT` | how long the exit of the process may wait for the library, in milliseconds: 0 to 3600000 |
//! | `RT0_RETRY` | what a call does after a failed boot: `never` returns the error, `on-call` boots again |
//! | `RT0_RETRY_PAUSE` | how long after the failure a call may boot again, in milliseconds: 0 to 86400000 |
//! | `RT0_COLLECTOR_SIGNALS` | `none`, `usual` or `usr`: which signals may stop the library's threads, see [`macro@init`] |
//! | `RT0_PANIC` | `print`: panics are printed to stderr as well as returned |
//! | `RT0_TRACE` | a file that is there: it gets a line with the library's report after each boot, shutdown and exit |
//!
//! One name can mean two things. A library called `pause` reads `RT0_RETRY_PAUSE` as its own `RT0_RETRY`; all
//! others read it as the pause. A host with such a library sets each pause with `RT0_RETRY_PAUSE_NAME`
//! instead; for the library `pause` that is `RT0_RETRY_PAUSE_PAUSE`. In the same way, a library called
//! `pause_NAME` reads `RT0_RETRY_PAUSE_NAME`, which is the pause of the library `NAME`, as its own
//! `RT0_RETRY`.
#![deny(unsafe_op_in_unsafe_fn)]

mod args;
mod boot;
mod call;
mod config;
mod error;
#[cfg(feature = "tracing")]
mod events;
mod exit;
mod failure;
mod generation;
mod growing;
mod in_flight;
mod interpose;
mod library;
mod lifecycle;
mod of_process;
#[cfg(feature = "tokio")]
mod ops;
mod parts;
mod platform;
mod report;
mod runtime;
mod shutdown;

pub use args::Args;
#[cfg(feature = "tokio")]
pub use call::on_runtime::{block_on, block_on_for, handle, spawn};
pub use call::outside::{Wait, ready_with, ready_with_for};
pub use call::ready::{Ready, ready, start};
pub use call::ready_async::{ReadyAsync, ready_async};
pub use call::shared_ready::SharedReady;
pub use call::when_ready::{WhenReady, when_ready};
pub use error::{Error, ErrorCode};
#[cfg(feature = "tracing-layer")]
pub use events::layer::events_layer;
pub use generation::state::{SharedState, State};
pub use lifecycle::end::{end, shutdown};
#[cfg(feature = "tokio")]
pub use ops::Cancel;
pub use rt0_core::Status;
pub use runtime::stop_signal::Stop;
pub use shutdown::on_exit::on_exit;

pub use rt0_macros::{CType, ErrorCode, exit, export, gated, handle, init, main};

#[doc(hidden)]
pub mod __private;
