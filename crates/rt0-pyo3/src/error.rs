//! An error that is rt0's or Python's.

use std::fmt;

use pyo3::PyErr;
use pyo3::exceptions::PyRuntimeError;

/// What a function of a module can return: why the library refused the call, or an exception.
///
/// Python gets it as the exception, or as a `RuntimeError` with rt0's text. It comes from both by `?`.
#[derive(Debug)]
pub enum Error {
    /// The library refused the call.
    Refused(rt0::Error),
    /// A Python exception.
    Raised(PyErr),
}

impl From<rt0::Error> for Error {
    fn from(error: rt0::Error) -> Error {
        Error::Refused(error)
    }
}

impl From<PyErr> for Error {
    fn from(error: PyErr) -> Error {
        Error::Raised(error)
    }
}

impl From<Error> for PyErr {
    fn from(error: Error) -> PyErr {
        match error {
            Error::Refused(error) => exception(error),
            Error::Raised(error) => error,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Refused(error) => error.fmt(f),
            Error::Raised(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// The exception for an error of rt0's: for `#[rt0::gated(error = rt0_pyo3::exception)]` on functions that return
/// `PyResult`.
pub fn exception(error: rt0::Error) -> PyErr {
    PyRuntimeError::new_err(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use pyo3::Python;
    use pyo3::exceptions::PyKeyError;

    #[test]
    fn an_exception_passes_unchanged() {
        Python::initialize();
        let there: Error = PyKeyError::new_err("a").into();
        let back: PyErr = there.into();
        assert_eq!(back.to_string(), PyKeyError::new_err("a").to_string());
    }
}
