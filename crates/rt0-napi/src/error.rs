//! The error of functions that node calls.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;

/// What a function with `#[napi]` and `#[rt0::gated]` returns.
pub type Result<T> = std::result::Result<T, Error>;

/// An error that becomes a JavaScript `Error` with a text.
///
/// `?` makes it from any error, as `anyhow::Error` is made. A synchronous function throws it with this `code`:
///
/// | made from | `code` |
/// |---|---|
/// | [`Error::new`] | the one that was given |
/// | `rt0::Error` | its status: `BOOT_FAILED`, `NOT_READY`, `STOPPED` ... |
/// | `napi::Error` | its own |
/// | any other | `GenericFailure` |
///
/// napi-rs lets the promise of an async function be rejected with codes of its own only: there it is
/// `GenericFailure`, or the one that a `napi::Error` had.
///
/// What a JavaScript callback has thrown becomes the `cause` of the error that a synchronous function throws. To
/// throw the very same again, return a `napi::Result`, with `#[rt0::gated(error = rt0_napi::to_napi)]`.
pub struct Error {
    code: Cow<'static, str>,
    what: What,
}

enum What {
    Text(String),
    Napi(napi::Error),
}

impl Error {
    /// An error with a code of your own.
    pub fn new(code: impl Into<Cow<'static, str>>, text: impl fmt::Display) -> Error {
        Error {
            code: code.into(),
            what: What::Text(text.to_string()),
        }
    }

    /// The `code` with which a synchronous function throws it.
    pub fn code(&self) -> &str {
        &self.code
    }
}

/// The code of an error about which nothing more is known.
const GENERIC: &str = "GenericFailure";

impl<E: std::error::Error + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Error {
        let mut error = Some(error);
        // One impl for all: another for one type would contradict it.
        let any: &mut dyn Any = &mut error;
        if let Some(napi) = any
            .downcast_mut::<Option<napi::Error>>()
            .and_then(Option::take)
        {
            return Error {
                code: napi.status.as_ref().to_owned().into(),
                what: What::Napi(napi),
            };
        }
        if let Some(rt0) = any
            .downcast_mut::<Option<rt0::Error>>()
            .and_then(Option::take)
        {
            return Error::new(rt0.status().name(), rt0);
        }
        match error {
            Some(error) => Error::new(GENERIC, error),
            None => unreachable!("it is of neither type"),
        }
    }
}

/// rt0's error as one of napi-rs', for functions that return a `napi::Result`:
/// `#[rt0::gated(error = rt0_napi::to_napi)]`.
pub fn to_napi(error: rt0::Error) -> napi::Error {
    Error::from(error).into()
}

/// For async functions, which napi-rs lets have its own codes only.
impl From<Error> for napi::Error {
    fn from(error: Error) -> napi::Error {
        match error.what {
            What::Napi(error) => error,
            What::Text(text) => napi::Error::new(napi::Status::GenericFailure, text),
        }
    }
}

/// For synchronous functions.
impl From<Error> for napi::JsError<Cow<'static, str>> {
    fn from(error: Error) -> Self {
        let made = match error.what {
            What::Text(text) => napi::Error::new(error.code, text),
            What::Napi(cause) => {
                let mut made = napi::Error::new(error.code, &cause.reason);
                made.set_cause(cause);
                made
            }
        };
        made.into()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Text(text) => f.write_str(text),
            What::Napi(error) => f.write_str(&error.reason),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {self}", self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails<E>(error: E) -> Result<()>
    where
        std::result::Result<(), E>: Sized,
        Error: From<E>,
    {
        Err(error)?;
        Ok(())
    }

    #[test]
    fn any_error_becomes_one_and_keeps_its_text() {
        let io = fails(std::io::Error::other("no disk")).unwrap_err();
        assert_eq!((io.code(), io.to_string().as_str()), (GENERIC, "no disk"));
        let own = fails(Error::new("NO_KEY", "no key")).unwrap_err();
        assert_eq!(format!("{own:?}"), "NO_KEY: no key");
        let napi = napi::Error::new(napi::Status::InvalidArg, "a number is expected");
        let napi = fails(napi).unwrap_err();
        assert_eq!(napi.code(), "InvalidArg");
        let back = napi::Error::from(napi);
        assert_eq!(back.status, napi::Status::InvalidArg);
        assert_eq!(back.reason, "a number is expected");
    }

    #[test]
    fn the_code_of_rt0s_errors_is_their_status() {
        // There is no library in this test.
        let refused = rt0::shutdown(None).unwrap_err();
        let name = refused.status().name();
        let text = refused.to_string();
        let error = fails(refused).unwrap_err();
        assert_eq!((error.code(), error.to_string()), (name, text.clone()));
        assert_eq!(napi::Error::from(error).reason, text);
    }
}
