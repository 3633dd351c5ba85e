//! Switches that each remove one protection, as those of rt0-core do. All are off in every normal build.
//! `cargo xtask sabotage` turns on one at a time, and checks that a test fails.

/// Callers wait for the boot with the GIL.
pub(crate) const NO_DETACH: bool = cfg!(rt0_sabotage = "pyo3-no-detach");
/// The end of the interpreter does not end the library.
pub(crate) const NO_END: bool = cfg!(rt0_sabotage = "pyo3-no-end");
/// Only `setup` has the library end with the interpreter.
pub(crate) const NO_FORGOTTEN_SETUP: bool = cfg!(rt0_sabotage = "pyo3-no-forgotten-setup");
/// The end of the interpreter does not wait for callbacks that have begun.
pub(crate) const NO_WAIT_FOR_CALLBACKS: bool = cfg!(rt0_sabotage = "pyo3-no-wait-for-callbacks");
/// A fork's child takes the end of its parent's interpreter for that of its own.
pub(crate) const NO_FORKED_CALLBACKS: bool = cfg!(rt0_sabotage = "pyo3-no-forked-callbacks");
/// A task for which there is no runtime is dropped, and nobody tells asyncio.
#[cfg(feature = "async")]
pub(crate) const NO_REFUSED_TASK: bool = cfg!(rt0_sabotage = "pyo3-no-refused-task");
/// A task that panics has just ended, and nobody tells asyncio.
#[cfg(feature = "async")]
pub(crate) const NO_PANIC: bool = cfg!(rt0_sabotage = "pyo3-no-panic");
/// A wait for async code does not look for signals.
#[cfg(feature = "async")]
pub(crate) const NO_SIGNALS: bool = cfg!(rt0_sabotage = "pyo3-no-signals");
