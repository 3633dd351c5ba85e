//! The author's state, borrowed or shared.

use std::any::Any;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// Marks the type that `#[rt0::init]` returns, so that `State<'_, T>` and `SharedState<T>` are checked at
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
/// It can't leave the call. A shutdown waits until no call holds a `State`, and only then drops the state.
///
/// A `State` from an [`rt0::Ready`](crate::Ready) is valid as long as the `Ready`. If the `Ready` is leaked,
/// that is forever: the state is then never dropped.
///
/// A call that continues in a fork's child has the parent's state, which is not dropped in the child.
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

/// The library's state, reference-counted, so it can be moved into tasks and threads.
///
/// A `SharedState` that is still held when its generation ends keeps that generation's state alive. The next
/// generation has its own state.
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
