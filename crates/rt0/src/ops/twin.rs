//! The blocking twin of an async export: waits for the future on the host's thread.

use std::future::Future;
use std::time::Duration;

use rt0_core::{Status, sabotage};

use super::cancel::Cancel;
use super::kind::Kind;
use crate::call::Call;
use crate::failure::Failure;
use crate::runtime;

/// Runs the future of an async export to its end, for at most the export's time.
pub fn block_on<T, F: Future<Output = Result<T, Failure>>>(
    call: &Call,
    kind: &'static Kind,
    make: impl FnOnce(&Call, Cancel) -> F,
) -> Result<T, Failure> {
    let refusal = if runtime::waits_for_itself() {
        "was called on one of the library's own threads, where waiting would deadlock; await the function in Rust, or \
         begin an operation"
    } else if runtime::awaits_here() {
        "was called in async code, which must not block its thread; await the function in Rust, or begin an operation"
    } else {
        ""
    };
    if !refusal.is_empty() && !sabotage::NO_TWIN_CHECK {
        return Err(Failure::new(kind.symbol(), Status::WouldDeadlock, refusal));
    }
    let future = {
        let _context = call.enter_runtime();
        make(call, Cancel::never())
    };
    let time = kind.timeout_ms().map(|ms| Duration::from_millis(ms.into()));
    match call.generation().runtime.try_wait_for(future, time) {
        Ok(result) => result,
        Err(error) if error.status() == Status::TimedOut => Err(kind.outcome(Status::TimedOut)),
        Err(error) => Err(error.into()),
    }
}
