//! The author's state, borrowed or shared.

use std::any::Any;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// What `#[rt0::init]` returns, by its type: it makes `State<'_, T>` and `SharedState<T>` checkable at
/// compile time.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the state of this library",
    label = "not what `#[rt0::init]` returns",
    note = "`State<'_, T>` and `SharedState<T>` take the type that the function with `#[rt0::init]` returns (inside its `Result`, if any)"
)]
pub trait IsState: Any + Send + Sync {}

/// The library's state for the length of one call.
///
/// It can't leave the call: a shutdown waits until no call holds one, and only then drops the state. One of
/// an [`rt0::Ready`](crate::Ready) lasts as long as that; of one that is leaked, for ever, and so does the state.
/// A call that goes on in a fork's child has the parent's state, which nobody drops there.
pub struct State<'call, T: IsState>(&'call T);

impl<'call, T: IsState> State<'call, T> {
    pub(crate) fn new(state: &'call T) -> State<'call, T> {
        State(state)
    }
}

impl<T: IsState> Deref for State<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0
    }
}

impl<T: IsState> Clone for State<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: IsState> Copy for State<'_, T> {}

impl<T: IsState + fmt::Debug> fmt::Debug for State<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The library's state, counted: it can move into tasks and threads.
///
/// One that is still held when a generation ends keeps that generation's state alive; the next
/// generation has another.
pub struct SharedState<T: IsState>(Arc<T>);

impl<T: IsState> SharedState<T> {
    pub(crate) fn new(state: Arc<T>) -> SharedState<T> {
        SharedState(state)
    }
}

impl<T: IsState> Deref for SharedState<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: IsState> Clone for SharedState<T> {
    fn clone(&self) -> Self {
        SharedState(self.0.clone())
    }
}

impl<T: IsState + fmt::Debug> fmt::Debug for SharedState<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
