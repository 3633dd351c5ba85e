//! Errors of rt0 itself, and the number of an author's.

use std::fmt;

use rt0_core::{Library, Status};

/// Why rt0 refused a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    status: Status,
    text: Text,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Text {
    /// The words of the status, about the library of this name: put together when they are shown. An
    /// error can be made where nothing can be allocated.
    Of(&'static str),
    Own(String),
}

impl Error {
    pub(crate) fn new(status: Status, text: String) -> Error {
        Error {
            status,
            text: Text::Own(text),
        }
    }

    /// The status says it all.
    pub(crate) const fn of(library: &'static str, status: Status) -> Error {
        Error {
            status,
            text: Text::Of(library),
        }
    }

    /// Which of rt0's errors it is.
    pub fn status(&self) -> Status {
        self.status
    }

    /// What it says, where it is not just the words of the status.
    pub(crate) fn into_text(self) -> Result<String, &'static str> {
        match self.text {
            Text::Of(library) => Err(library),
            Text::Own(text) => Ok(text),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.text {
            Text::Of(library) => write!(f, "{library}: {}", self.status),
            Text::Own(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Error {}

/// The error that says no more than its status, about this library if it is known.
pub(crate) fn refusal(library: Option<&Library>, status: Status) -> Error {
    let name = library.map_or("rt0", |library| library.name());
    // Nothing is allocated on the way to the status `Forked`.
    Error::of(name, status)
}

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
