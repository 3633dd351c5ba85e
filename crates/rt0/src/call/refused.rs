//! rt0's error in the types that a function with `#[rt0::gated]` can return.
//!
//! A macro sees only the names that the author has written. These traits see through aliases of `Result`, and
//! say what to do where there is no `Result`.

use crate::error::Error;

/// What a function with `#[rt0::gated]` returns when the gate fails, unless its author has chosen a value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no place for rt0's error",
    label = "what `#[rt0::gated]` must return when the gate fails",
    note = "return a `Result`, or an alias of one, whose error implements `From<rt0::Error>`",
    note = "or name a function that makes the error of the `Result`: `#[rt0::gated(error = PATH)]`",
    note = "or choose what the function returns when the gate fails: `#[rt0::gated(or = VALUE)]`, `#[rt0::gated(or_else = |error| VALUE)]`"
)]
pub trait Refused {
    /// The error as this type.
    fn refused(error: Error) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T, E: From<Error>> Refused for Result<T, E> {
    #[inline]
    fn refused(error: Error) -> Self {
        Err(error.into())
    }
}

/// The error as the return type of a function.
#[cold]
pub fn refused<R: Refused>(error: Error) -> R {
    R::refused(error)
}

/// An error type of the author's that stands in the function's signature.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be made from `rt0::Error`",
    label = "the error that `#[rt0::gated]` must return when the gate fails",
    note = "implement `From<rt0::Error>` for it, or name a function that makes it: `#[rt0::gated(error = PATH)]`"
)]
pub trait OwnError {
    /// The error as this type.
    fn own(error: Error) -> Self;
}

#[diagnostic::do_not_recommend]
impl<E: From<Error>> OwnError for E {
    #[inline]
    fn own(error: Error) -> Self {
        error.into()
    }
}

/// Converts our error into the error type of a function with `#[rt0::gated]`.
#[cold]
pub fn own<E: OwnError>(error: Error) -> E {
    E::own(error)
}
