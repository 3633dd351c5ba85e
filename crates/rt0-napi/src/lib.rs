//! [rt0] for authors of Node.js packages who build with [napi-rs]. For napi 3, from 3.16 on.
//!
//! ```toml
//! [dependencies]
//! napi = "3.16"
//! napi-derive = "3.7"
//! rt0 = "0.1"
//! rt0-napi = "0.1"
//!
//! [build-dependencies]
//! napi-build = "2.6"
//! rt0-build = "0.1"
//! ```
//!
//! In build.rs, `rt0_build::setup()` stands beside `napi_build::setup()`. Each function gets one more attribute,
//! and the [`Result`] of this crate:
//!
//! ```
//! # struct Store(String);
//! # #[rt0::init]
//! # fn init() -> Store { Store("text".to_owned()) }
//! use napi_derive::napi;
//!
//! #[napi]
//! #[rt0::gated]
//! pub fn get() -> rt0_napi::Result<String> {
//!     Ok(rt0::ready(None)?.state::<Store>().0.clone())
//! }
//!
//! #[napi]
//! #[rt0::gated]
//! pub async fn fetch() -> rt0_napi::Result<String> {
//!     let here = rt0::ready_async().await?;
//!     Ok(here.state::<Store>().0.clone())
//! }
//! # fn main() {}
//! ```
//!
//! # What it does
//!
//! - napi-rs' async functions run on rt0's tokio runtime. There is no other: leave out napi's feature `tokio_rt`
//!   (or `async`), whose `spawn` would make one. While the library boots, they wait without blocking node's event loop.
//! - When the last of node's environments ends that have loaded the library (the main one, and one for each of
//!   the `worker_threads`), the library is shut down, for at most two seconds, while node is still there.
//!   Promises that are pending then are rejected. If node loads the library once more, it boots again.
//! - Errors become JavaScript's: [`Error`].
//!
//! All of this begins when the library is loaded; no function needs to be called.
//!
//! # What it does not do
//!
//! A synchronous function waits on node's thread. `tokio::spawn` finds the runtime in async functions only;
//! elsewhere call `rt0::spawn`. When the library can't start, there is no runtime: an async function runs to its gate,
//! which has the error; one without a gate runs to where it waits, and its promise is rejected. Under the start policy `quiet` promises make no progress.
//!
//! [rt0]: https://docs.rs/rt0
//! [napi-rs]: https://napi.rs

mod error;
mod runtime;
mod sabotage;

pub use error::{Error, Result, to_napi};
