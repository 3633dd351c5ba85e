//! Tasks that were spawned before the boot is done: when it is, rt0 has them spawned on the runtime.
//!
//! If there will be no runtime, a task is polled once, where it is. The ones of [`bridge`](crate::bridge) get rt0's
//! error by that, pass it on to Python, and are over.

use std::cell::RefCell;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use tokio::sync::oneshot;

use crate::joining::JoinHandle;
use crate::sabotage;

thread_local! {
    /// Why there is no runtime for the task that is polled on this thread.
    static REFUSED: RefCell<Option<rt0::Error>> = const { RefCell::new(None) };
}

/// Why there is no runtime for the present task, if it has none.
pub(crate) fn refused() -> Option<rt0::Error> {
    REFUSED.with_borrow(Option::clone)
}

/// Spawns it when the library is ready.
pub(crate) fn spawn(future: impl Future<Output = ()> + Send + 'static) -> JoinHandle {
    if refused().is_some() {
        return poll_once(future);
    }
    let (tell, joined) = oneshot::channel();
    rt0::when_ready(|here| {
        let joined = match here {
            Ok(_here) => JoinHandle::task(rt0::spawn(future)),
            Err(_) if sabotage::NO_REFUSED_TASK => JoinHandle::over(Ok(None)),
            Err(error) => {
                REFUSED.set(Some(error));
                let joined = poll_once(future);
                REFUSED.set(None);
                joined
            }
        };
        // Nobody may wait for it.
        let _ = tell.send(joined);
    });
    JoinHandle::starting(joined)
}

fn poll_once(future: impl Future<Output = ()>) -> JoinHandle {
    let mut context = Context::from_waker(Waker::noop());
    let poll = || match pin!(future).poll(&mut context) {
        Poll::Ready(()) => Some(()),
        Poll::Pending => None,
    };
    JoinHandle::over(catch_unwind(AssertUnwindSafe(poll)))
}
