//! The author's state, borrowed or shared.

use std::any::Any;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use rt0_core::Library;

use crate::platform::object_file::needs;

/// Marks the type that `#[rt0::init]` returns, so that `State<'_, T>` and `SharedState<T>` are checked at
/// compile time, and calls need not check it.
///
/// # Safety
/// It is the type that this library's init returns. `#[rt0::init]` implements it, and a library with a second
/// one does not link: `library` returns the table of this init's library, which defines the symbol that only
/// one can define, and whoever uses a state makes the linker take that object file.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the state of this library",
    label = "not what `#[rt0::init]` returns",
    note = "`State<'_, T>` and `SharedState<T>` take the type that the function with `#[rt0::init]` returns (inside its `Result`, if any)"
)]
pub unsafe trait IsState: Any + Send + Sync {
    /// The table of the init that returns this type.
    fn library() -> &'static Library;
}

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
    /// The state of the present generation.
    ///
    /// # Safety
    /// A shutdown is held off for all of `'call`, by a thread that has seen the gate open since it announced
    /// itself; or `at` is what this has found then, and that state exists for all of `'call`.
    #[inline(always)]
    pub(crate) unsafe fn at(at: *const ()) -> State<'call, T> {
        needs!(T::library);
        debug_assert!(
            !at.is_null(),
            "a library with a state has it before its gate is open"
        );
        // SAFETY: `publish` has stored the address of what init returned, before the gate was open. The trait
        // says that this is a `T`, and our caller that it exists.
        State(unsafe { &*at.cast::<T>() })
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
