//! Waits for async code in a function that is not async.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use pyo3::prelude::*;
use rt0::Status;

use crate::end;
use crate::error::Error;
use crate::gate::detach;
use crate::sabotage;

/// How often a wait looks whether Python has a signal, or wants to end.
const LOOK: Duration = Duration::from_millis(50);

/// Waits for a Rust future on the library's runtime, with the GIL released.
///
/// Ctrl-C ends the wait with `KeyboardInterrupt`, as it ends Python's own waits: another signal's handler runs at once.
/// When the library ends, with the interpreter or by a shutdown, the wait ends, too. The future is then dropped.
///
/// # Errors
/// The exception of a signal's handler, or rt0's error: the library ends, or has lost its runtime.
pub fn block_on<F>(py: Python<'_>, future: F) -> Result<F::Output, Error>
where
    F: Future + Send,
    F::Output: Send,
{
    end::prepare(py)?;
    let _here = rt0::ready_with(detach)?;
    let mut future = pin!(future);
    loop {
        match py.detach(|| rt0::block_on_for(LOOK, future.as_mut())) {
            Ok(output) => return Ok(output),
            Err(error) if error.status() == Status::TimedOut => {}
            Err(error) => return Err(error.into()),
        }
        if !sabotage::NO_SIGNALS {
            py.check_signals()?;
        }
        // Closed, even for a call that is inside.
        drop(rt0::ready(Some(Duration::ZERO))?);
    }
}
