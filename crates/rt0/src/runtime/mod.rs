//! The async runtime: tokio, or none. Most of the crate uses only the names that both implementations have:
//!
//! - `on_thread`: runs what the author does first and last on each of its threads.
//! - `Runtime`: made by `none` or `build`; ended by `shut_down` or `abandon`, or left as it is if it is lost.

#[cfg(not(feature = "tokio"))]
mod none;
mod own_thread;
pub(crate) mod panic;
pub(crate) mod settings;
mod signals;
pub(crate) mod stop_signal;
#[cfg(feature = "tokio")]
pub(crate) mod tokio;

#[cfg(not(feature = "tokio"))]
pub(crate) use self::none::Runtime;
#[cfg(not(feature = "tokio"))]
pub use self::none::on_thread;
pub(crate) use self::own_thread::{as_own_thread, on_own_thread};
#[cfg(feature = "tokio")]
pub(crate) use self::own_thread::{awaits_here, drives_here, waits_for_itself};
pub(crate) use self::signals::{settle_signals, settle_signals_if_changed};
#[cfg(feature = "tokio")]
pub(crate) use self::tokio::Runtime;
#[cfg(feature = "tokio")]
pub use self::tokio::on_thread::on_thread;
