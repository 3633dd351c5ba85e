//! rt0's own errors, and the trait that gives an author's error a number.

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
    /// The library's name. The text is built from it and the status when it is shown, because an error can be
    /// made where nothing can be allocated.
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

    /// An error whose text is just the library's name and the status.
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

    /// The error's own text. `Err` with the library's name if the text is just that of the status.
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

/// The error whose text is just that of its status, with the library's name if the library is known.
pub(crate) fn refusal(library: Option<&Library>, status: Status) -> Error {
    let name = library.map_or("rt0", |library| library.name());
    // Must not allocate: the status `Forked` is reported where nothing can be allocated.
    Error::of(name, status)
}

/// Gives an author's error its own number. Without it, C callers get 1. `#[derive(rt0::ErrorCode)]` also tells hosts
/// what the numbers are called; by hand:
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
    /// A positive number. Any other becomes 1: zero means success, and negative numbers are rt0's.
    fn code(&self) -> i32;
}
