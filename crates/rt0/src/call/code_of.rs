//! The number of an author's error: what its [`ErrorCode`] says, or 1.
//!
//! The expansion of an export calls `(&Probe(&error)).code()` with both traits in scope. Method
//! look-up tries `Probe<E>` before `&Probe<E>`, so an error type with a number of its own is found
//! first. (David Tolnay's "autoref specialization".)

use crate::error::ErrorCode;

/// Wraps an error for the method look-up.
pub struct Probe<'a, E>(pub &'a E);

/// For errors that implement [`ErrorCode`].
pub trait AuthorCode {
    /// The number.
    fn code(&self) -> i32;
}

impl<E: ErrorCode> AuthorCode for Probe<'_, E> {
    fn code(&self) -> i32 {
        self.0.code()
    }
}

/// For all other errors.
pub trait DefaultCode {
    /// 1.
    fn code(&self) -> i32;
}

impl<E> DefaultCode for &Probe<'_, E> {
    fn code(&self) -> i32 {
        1
    }
}
