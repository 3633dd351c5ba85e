//! Windows: the runtime opens handles, which are not tracked. Hosts do not close handles that are not theirs.

use std::task::Waker;
use std::time::Duration;

pub(crate) const LOOK: Duration = Duration::from_millis(500);

#[derive(Debug)]
pub(crate) enum Descriptors {}

impl Descriptors {
    pub fn are_there(&self) -> bool {
        match *self {}
    }

    pub fn forget(&self) {
        match *self {}
    }

    pub fn avoid(&self) {
        match *self {}
    }
}

pub(crate) fn with_high_numbers<R>(
    _when_lost: fn(),
    build: impl FnOnce() -> R,
) -> (R, Option<Descriptors>) {
    (build(), None)
}

pub(crate) fn driving<R>(f: impl FnOnce() -> R) -> R {
    f()
}

pub(crate) fn on_worker() {}

pub(crate) fn set_waker(_waker: &Waker) {}
