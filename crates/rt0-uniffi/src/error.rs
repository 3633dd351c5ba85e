//! rt0's answer instead of a call's, as an error that UniFFI knows.

use std::fmt;

use rt0::Status;

/// Why rt0 has refused a call. Other languages see the exception `LibraryError`, with the text, once
/// [`setup!`](crate::setup) stands in the crate.
///
/// An error of the author's own needs no more than `From<rt0::Error>` for `#[rt0::gated]`. With UniFFI's
/// `#[uniffi(flat_error)]` one of its variants can hold an `rt0::Error` or this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The library was not ready in time: a later call may succeed.
    NotReady(rt0::Error),
    /// The library could not start: the text has what `#[rt0::init]` says, or how it panicked.
    BootFailed(rt0::Error),
    /// The library or the process is ending.
    Stopped(rt0::Error),
    /// Anything else: the text says what.
    Refused(rt0::Error),
}

impl Error {
    /// rt0's own error.
    pub fn get(&self) -> &rt0::Error {
        match self {
            Error::NotReady(error)
            | Error::BootFailed(error)
            | Error::Stopped(error)
            | Error::Refused(error) => error,
        }
    }
}

impl From<rt0::Error> for Error {
    fn from(error: rt0::Error) -> Error {
        match error.status() {
            Status::NotReady | Status::NotStarted => Error::NotReady(error),
            Status::BootFailed => Error::BootFailed(error),
            Status::Stopped => Error::Stopped(error),
            _ => Error::Refused(error),
        }
    }
}

impl From<Error> for rt0::Error {
    fn from(error: Error) -> rt0::Error {
        match error {
            Error::NotReady(error)
            | Error::BootFailed(error)
            | Error::Stopped(error)
            | Error::Refused(error) => error,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // Its text is this error's own.
        None
    }
}

#[cfg(test)]
mod tests {
    use super::Error;

    #[test]
    fn an_error_of_rt0s_comes_back_as_it_went() {
        // No library boots in this test: so the gate refuses.
        let refused = rt0::ready(None).map(drop).expect_err("there is no library");
        let error = Error::from(refused.clone());
        assert_eq!(error.to_string(), refused.to_string());
        assert_eq!(error.get(), &refused);
        assert_eq!(rt0::Error::from(error), refused);
    }
}
