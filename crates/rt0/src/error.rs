//! Errors of rt0 itself, and the number of an author's.

use std::fmt;

use rt0_core::Status;

/// Why rt0 refused a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    status: Status,
    text: String,
}

impl Error {
    pub(crate) fn new(status: Status, text: String) -> Error {
        Error { status, text }
    }

    /// Which of rt0's errors it is.
    pub fn status(&self) -> Status {
        self.status
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Error {}

/// Gives an author's error a number of its own. Without it, C callers see 1.
///
/// ```
/// enum SearchError { BadQuery, NoIndex }
/// impl rt0::ErrorCode for SearchError {
///     fn code(&self) -> i32 {
///         match self { SearchError::BadQuery => 2, SearchError::NoIndex => 3 }
///     }
/// }
/// ```
pub trait ErrorCode {
    /// A positive number. One that is not becomes 1: zero is success, and negative ones are rt0's.
    fn code(&self) -> i32;
}
