//! The one error type: a sentence, its cause, and an exit code for its kind.

use std::error::Error as StdError;
use std::fmt;

/// What went wrong, as a sentence for the person at the terminal.
#[derive(Debug)]
pub struct Error {
    exit_code: u8,
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The result of everything here that can fail.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The input was fine, but the work failed: exit code 1.
    pub fn failed(message: impl Into<String>) -> Error {
        Error {
            exit_code: 1,
            message: message.into(),
            source: None,
        }
    }

    /// A file, a name or an option is wrong: exit code 2.
    pub fn input(message: impl Into<String>) -> Error {
        Error {
            exit_code: 2,
            ..Error::failed(message)
        }
    }

    /// The same error with its cause.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
        self.source = Some(source.into());
        self
    }

    /// The exit code of the process: 1 or 2.
    pub fn exit_code(&self) -> u8 {
        self.exit_code
    }

    /// The sentence and its causes, one line each.
    pub fn chain(&self) -> String {
        let mut text = self.message.clone();
        let mut source = self.source();
        while let Some(cause) = source {
            text.push_str(&format!("\n  caused by: {cause}"));
            source = cause.source();
        }
        text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
