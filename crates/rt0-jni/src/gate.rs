//! The wait at the gate, off Java's threads.
//!
//! A thread that waits may be asked to boot the library itself, on a stack made for that. Java code can't run there:
//! the virtual machine compares the stack pointer with the thread's own stack, and throws a `StackOverflowError`. So
//! a thread of rt0's waits instead.

use std::cell::Cell;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use crate::end;
use crate::error::Error;
use crate::sabotage;

thread_local! {
    /// Whether this thread waits at the gate.
    static WAITS: Cell<bool> = const { Cell::new(false) };
}

/// How a thread of Java's waits until the library is ready: for `#[rt0::gated(wait = rt0_jni::wait)]` and
/// `rt0::ready_with`. [`call`](crate::call) does it by itself.
pub fn wait(wait: rt0::Wait<'_>) {
    let _waits = Waits::begin();
    let mut ready = pin!(rt0::ready_async());
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let guard = loop {
        match ready.as_mut().poll(&mut context) {
            Poll::Ready(guard) => break guard,
            Poll::Pending => thread::park(),
        }
    };
    // A boot that the end has overtaken may never be over: nobody waits for that.
    if guard.is_ok() || !end::has_begun() {
        // What the library answers is known now: this does not wait.
        wait();
    }
    drop(guard);
}

/// Whether Java code can run here.
///
/// # Errors
/// This thread boots the library.
pub(crate) fn check() -> Result<(), Error> {
    match WAITS.get() && !sabotage::NO_STACK_CHECK {
        false => Ok(()),
        true => Err(Error::state(
            "the library boots on a thread of Java's, on a stack that Java does not know, so its init can't call \
             Java: the start policy is `quiet`, or there is no room for a thread; set RT0_START=lazy",
        )),
    }
}

struct Waits(bool);

impl Waits {
    fn begin() -> Waits {
        Waits(WAITS.replace(true))
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        WAITS.set(self.0);
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Unpark>) {
        self.0.unpark();
    }
}
