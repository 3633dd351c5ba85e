//! [rt0] for authors who use [UniFFI]: for UniFFI 0.32.
//!
//! ```ignore
//! uniffi::setup_scaffolding!();
//! rt0_uniffi::setup!();
//!
//! #[rt0::init]
//! async fn init() -> Result<Store, Fault> { ... }
//!
//! #[uniffi::export]
//! #[rt0::gated]
//! fn size() -> Result<u64, rt0_uniffi::Error> { ... }
//!
//! #[uniffi::export]                             // no `async_runtime = "tokio"`
//! #[rt0::gated]
//! async fn later(ms: u64) -> Result<(), rt0_uniffi::Error> {
//!     rt0_uniffi::on_runtime(|| tokio::time::sleep(Duration::from_millis(ms))).await;
//!     Ok(())
//! }
//! ```
//!
//! - [`Error`] is what rt0 answers instead of a call: an exception of the other language, with its text.
//! - [`on_runtime`] gives async code rt0's runtime. `async_runtime = "tokio"` would start a second one, which does not
//!   survive a fork.
//! - [`setup!`] exports `rt0_end`, which the other language calls before its virtual machine ends. In Python modules
//!   `uniffi_bindgen_main`, of the feature `bindgen`, registers it.
//!
//! The functions wait at the gate on the caller's thread. UniFFI's Python (ctypes), Kotlin (JNA) and Swift hold no
//! lock meanwhile.
//!
//! [rt0]: https://docs.rs/rt0
//! [UniFFI]: https://mozilla.github.io/uniffi-rs

#![forbid(unsafe_code)]
#![warn(missing_docs)]

#[cfg(feature = "bindgen")]
mod bindgen;
mod error;
mod on_runtime;
mod sabotage;
mod setup;

#[cfg(feature = "bindgen")]
pub use bindgen::uniffi_bindgen_main;
pub use error::Error;
pub use on_runtime::on_runtime;
#[doc(hidden)]
pub use setup::{end, shut_down};
