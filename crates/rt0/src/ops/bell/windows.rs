//! Windows: event loops have no public means to watch such a descriptor.

use rt0_core::Status;

use super::NoBell;

pub(in crate::ops) enum Bell {}

impl Bell {
    pub fn new() -> Result<Bell, NoBell> {
        let text = "Windows has no descriptor that event loops can watch by public means; take the tags on a thread \
            of your own"
            .to_owned();
        let status = Status::InvalidArgument;
        Err(NoBell { status, text })
    }

    pub fn ring(&self) {
        match *self {}
    }

    pub fn end(&self) {
        match *self {}
    }

    pub fn is_gone(&self) -> bool {
        match *self {}
    }

    pub fn duplicate(&self) -> Result<isize, NoBell> {
        match *self {}
    }
}
