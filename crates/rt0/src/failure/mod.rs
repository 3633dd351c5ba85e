//! Why a call returned no value, and what the host is told about it.

pub(crate) mod forked;
pub(crate) mod last_error;

use std::fmt::Display;

use rt0_core::Status;

use crate::error::Error;

/// Why a call returned no value.
#[derive(Debug)]
pub struct Failure(pub(crate) Reason);

/// The texts about invalid arguments are built only when a host is told. Until then a failure is a few
/// constants, so the hot half of a call needs no stack for it.
#[derive(Debug)]
pub(crate) enum Reason {
    /// One of rt0's own errors.
    Fixed {
        subject: &'static str,
        status: Status,
        text: &'static str,
    },
    /// Like `Fixed`, with the index of the invalid element in the middle of the text.
    Index {
        subject: &'static str,
        status: Status,
        before: &'static str,
        index: usize,
        after: &'static str,
    },
    /// The library's name and the status, without a text of its own.
    Refused {
        library: &'static str,
        status: Status,
    },
    /// Anything else.
    Text { code: i32, text: String },
}

impl Failure {
    /// One of rt0's own errors. The subject is a call, or a call and a parameter: `search_count: word`.
    #[inline(always)]
    pub(crate) const fn new(subject: &'static str, status: Status, text: &'static str) -> Failure {
        Failure(Reason::Fixed {
            subject,
            status,
            text,
        })
    }

    /// Like [`new`](Failure::new), about the element with this index.
    #[inline(always)]
    pub(crate) const fn at(
        subject: &'static str,
        status: Status,
        (before, index, after): (&'static str, usize, &'static str),
    ) -> Failure {
        Failure(Reason::Index {
            subject,
            status,
            before,
            index,
            after,
        })
    }

    pub(crate) fn with_text(code: i32, text: String) -> Failure {
        Failure(Reason::Text { code, text })
    }

    /// One of rt0's own errors, about a lifecycle call.
    pub(crate) fn of_lifecycle(call: &str, status: Status, text: &str) -> Failure {
        let name = rt0_core::this_library().map_or("rt0", |library| library.name());
        Failure::with_text(status.code(), format!("{name}_{call}: {text}"))
    }

    pub(crate) fn author(code: i32, text: String) -> Failure {
        Failure::with_text(code.max(1), text)
    }

    /// The failure as an [`Error`], for a caller in Rust. Only for rt0's own errors.
    pub(crate) fn into_error(self) -> Error {
        let (code, text) = self.into_code_and_text();
        Error::new(Status::from_code(code).unwrap_or(Status::EndedBadly), text)
    }

    /// The code and the text for the host.
    pub(crate) fn into_code_and_text(self) -> (i32, String) {
        match self.0 {
            Reason::Fixed {
                subject,
                status,
                text,
            } => (status.code(), format!("{subject} {text}")),
            Reason::Index {
                subject,
                status,
                before,
                index,
                after,
            } => (status.code(), format!("{subject} {before} {index}{after}")),
            Reason::Refused { library, status } => (status.code(), format!("{library}: {status}")),
            Reason::Text { code, text } => (code, text),
        }
    }

    /// The code alone.
    pub(crate) fn code(&self) -> i32 {
        match &self.0 {
            Reason::Fixed { status, .. }
            | Reason::Index { status, .. }
            | Reason::Refused { status, .. } => status.code(),
            Reason::Text { code, .. } => *code,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        let status = error.status();
        match error.into_text() {
            Ok(text) => Failure::with_text(status.code(), text),
            Err(library) => Failure(Reason::Refused { library, status }),
        }
    }
}

/// The text of an author's error. The alternate form (`{:#}`) makes error types that know their causes print
/// all of them.
pub fn shown<E: Display>(error: &E) -> String {
    format!("{error:#}")
}

/// The author's error, with its number.
#[cold]
pub fn author_failure<E: Display>(code: i32, error: E) -> Failure {
    Failure::author(code, shown(&error))
}
