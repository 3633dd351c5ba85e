//! [rt0] for Python modules that are written with [PyO3].
//!
//! The library boots by itself when Python imports it. What an author adds:
//!
//! ```ignore
//! #[rt0::init]                                   // runs once in each process, on a thread of the library's
//! async fn init() -> Result<Shop, String> { ... }
//!
//! #[pyfunction]
//! #[rt0::gated(wait = rt0_pyo3::detach)]         // waits for init, with the GIL released
//! fn size() -> Result<u64, rt0_pyo3::Error> { ... }
//!
//! #[pymodule]
//! fn shop(module: &Bound<'_, PyModule>) -> PyResult<()> {
//!     rt0_pyo3::setup(module)?;                  // ends the library when the interpreter ends
//!     module.add_function(wrap_pyfunction!(size, module)?)
//! }
//! ```
//!
//! Callbacks on the library's threads use [`attach`] where they would use `Python::attach`: then the end of the
//! interpreter waits for those that have begun, and lets no other begin.
//!
//! A function that returns `PyResult` says `#[rt0::gated(wait = rt0_pyo3::detach, error = rt0_pyo3::exception)]`.
//!
//! With the feature `async`, [`future_into_py`] gives a Rust future to asyncio and [`into_future`] awaits a Python one
//! in Rust, both on the library's own runtime, so that there is no second one; and [`block_on`] waits for a Rust future
//! with the GIL released.
//!
//! This version is for PyO3 0.30 and pyo3-async-runtimes 0.30.
//!
//! [rt0]: https://docs.rs/rt0
//! [PyO3]: https://pyo3.rs

#![forbid(unsafe_code)]

#[cfg(feature = "async")]
mod bridge;
mod callback;
mod counting;
mod end;
mod error;
mod gate;
#[cfg(feature = "async")]
mod joining;
#[cfg(feature = "async")]
mod runtime;
mod sabotage;
#[cfg(feature = "async")]
mod starting;
#[cfg(feature = "async")]
mod waiting;

#[cfg(feature = "async")]
pub use bridge::{future_into_py, into_future};
pub use callback::attach;
pub use end::setup;
pub use error::{Error, exception};
pub use gate::detach;
#[cfg(feature = "async")]
pub use joining::{JoinError, JoinHandle};
#[cfg(feature = "async")]
pub use runtime::Runtime;
#[cfg(feature = "async")]
pub use waiting::block_on;
