//! Opaque handles: a host holds a number that looks like a pointer, never an address.
//!
//! The number is odd, so it can't be a pointer to anything that is aligned. No number is ever given twice
//! (`generation/numbers.rs`), not even by another generation or in a fork's child. The number is looked up in
//! the generation's table. A handle that was closed, is of another type, or is older than the last start is
//! not found, and nothing is dereferenced.

use std::cell::UnsafeCell;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rt0_core::protocol::gate::State;
use rt0_core::{Status, generation, sabotage};

use super::Call;
use crate::failure::Failure;
use crate::generation::handles::{CLOSED, EXCLUSIVE, Handle, Held};
use crate::in_flight::Inside;
use crate::platform::uncancelled::UncancelledCall;

/// A handle's value, shared with other calls.
pub struct Shared<'call, T: Handle>(Arc<Held<T>>, PhantomData<&'call Call>);

/// A handle's value, used by one call only.
pub struct Exclusive<'call, T: Handle> {
    held: Arc<Held<T>>,
    handle: usize,
    call: PhantomData<&'call Call>,
}

impl<T: Handle> Exclusive<'_, T> {
    /// Takes the value away from the host for good, and closes its handle.
    pub fn take(self, call: &Call) -> Box<T> {
        call.generation().handles.remove(self.handle);
        // Relaxed: a later user finds only that the handle is closed.
        self.held.users.store(CLOSED, Ordering::Relaxed);
        // SAFETY: `users` says that nobody else uses the value, now or ever.
        let value = unsafe { (*self.held.value.get()).take() };
        Box::new(value.expect("only an exclusive user takes it away"))
    }
}

impl<T: Handle> Deref for Shared<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: counted in `users`, so nobody uses the value exclusively; the value exists until the handle
        // is closed.
        unsafe { (*self.0.value.get()).as_ref() }.expect("only an exclusive user takes it away")
    }
}

impl<T: Handle> Drop for Shared<'_, T> {
    fn drop(&mut self) {
        // Release pairs with the Acquire of the next exclusive user.
        self.0.users.fetch_sub(1, Ordering::Release);
    }
}

impl<T: Handle> Deref for Exclusive<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: `users` says that nobody else uses the value.
        unsafe { (*self.held.value.get()).as_ref() }.expect("only an exclusive user takes it away")
    }
}

impl<T: Handle> DerefMut for Exclusive<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: `users` says that nobody else uses the value.
        unsafe { (*self.held.value.get()).as_mut() }.expect("only an exclusive user takes it away")
    }
}

impl<T: Handle> Drop for Exclusive<'_, T> {
    fn drop(&mut self) {
        // Release pairs with the Acquire of the next user. After `take` there is no next user.
        if self.held.users.load(Ordering::Relaxed) != CLOSED {
            self.held.users.store(0, Ordering::Release);
        }
    }
}

/// Gives a value to the host as a handle. `subject` names the call in the error.
///
/// # Errors
/// The author's function has forked, and this is the child. The value is then leaked: it may be a copy of the
/// parent's, and nothing of the parent's is dropped in a child. Or all handle numbers have been used.
pub fn give<T: Handle>(
    call: &Call,
    subject: &'static str,
    value: Box<T>,
) -> Result<*mut T::Opaque, Failure> {
    let generation = match call.generation_if_present(subject) {
        Ok(generation) => generation,
        Err(failure) => {
            std::mem::forget(value);
            return Err(failure);
        }
    };
    let held = Held {
        users: AtomicUsize::new(0),
        value: UnsafeCell::new(Some(*value)),
    };
    let handle = generation
        .handles
        .insert(Arc::new(held))
        .ok_or_else(used_up)?;
    Ok(handle as *mut T::Opaque)
}

/// The value behind a handle, shared with other calls.
pub fn shared<'call, T: Handle>(
    call: &'call Call,
    name: &'static str,
    at: *const T::Opaque,
) -> Result<Shared<'call, T>, Failure> {
    let held = find::<T>(call, name, at as usize)?;
    // Acquire pairs with the Release of the last exclusive user.
    let entered = held
        .users
        .fetch_update(Ordering::Acquire, Ordering::Relaxed, |users| {
            (users < CLOSED - 1).then(|| users + 1)
        });
    match entered {
        Ok(_) => Ok(Shared(held, PhantomData)),
        Err(users) => Err(refused(name, users)),
    }
}

/// The value behind a handle, for this call only.
pub fn exclusive<'call, T: Handle>(
    call: &'call Call,
    name: &'static str,
    at: *mut T::Opaque,
) -> Result<Exclusive<'call, T>, Failure> {
    let held = find::<T>(call, name, at as usize)?;
    // Acquire pairs with the Release of the last user.
    let claimed = held
        .users
        .compare_exchange(0, EXCLUSIVE, Ordering::Acquire, Ordering::Relaxed);
    match claimed {
        Ok(_) => Ok(Exclusive {
            held,
            handle: at as usize,
            call: PhantomData,
        }),
        Err(users) => Err(refused(name, users)),
    }
}

/// The body of `NAME_T_free`: closes a handle. Null is allowed. It does not boot the library: a handle that
/// outlived its generation is unknown. While a shutdown is under way the handle stays open, because the
/// shutdown may still be called off.
pub fn close<T: Handle>(symbol: &'static str, at: *mut T::Opaque) -> Result<(), Failure> {
    if at.is_null() {
        return Ok(());
    }
    // The author's destructor may contain cancellation points.
    let _uncancelled = UncancelledCall::<true>::begin();
    let inside = loop {
        if let Some(inside) = Inside::enter(generation::is_ready) {
            break inside;
        }
        match generation::page().gate.state() {
            // Meanwhile the shutdown was called off.
            State::Ready => {}
            State::Stopping if !sabotage::NO_STOPPED_FREE => return Err(stopping(symbol)),
            _ => return Err(refused(symbol, CLOSED)),
        }
    };
    let call = Call::inside(inside.again());
    let held = exclusive::<T>(&call, symbol, at)?;
    let _context = call.enter_runtime();
    drop(held.take(&call));
    Ok(())
}

pub(crate) fn find<T: Handle>(
    call: &Call,
    name: &'static str,
    handle: usize,
) -> Result<Arc<Held<T>>, Failure> {
    let handles = &call.generation().handles;
    let found = handles.get(handle);
    if found.is_none() && sabotage::NO_HANDLE_CHECK {
        return handles.any().ok_or_else(|| refused(name, CLOSED));
    }
    found.ok_or_else(|| refused(name, CLOSED))
}

#[cold]
pub(crate) fn used_up() -> Failure {
    let text = "no handles are left: the library never uses a handle's number twice, and has used them all; \
        restart the process";
    Failure::new("rt0:", Status::NoMemory, text)
}

#[cold]
fn stopping(symbol: &'static str) -> Failure {
    let text = "was called during a shutdown and freed nothing: the shutdown frees the handle, or is called \
        off and leaves it open";
    Failure::new(symbol, Status::Stopped, text)
}

#[cold]
pub(crate) fn refused(name: &'static str, users: usize) -> Failure {
    if users == CLOSED {
        let text = "is not an open handle of this type: it was closed, is of another type, or is from \
            before the library's last start";
        Failure::new(name, Status::InvalidHandle, text)
    } else {
        let text = "is in use by another call; call again when that call has returned";
        Failure::new(name, Status::HandleBusy, text)
    }
}
