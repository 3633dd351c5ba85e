//! The values behind handles, held for the time of an op.
//!
//! As in a call (`call/handle.rs`), but not bound to one: the op's future owns them. A handle that is freed meanwhile
//! is in use; one that a shutdown drops lives on until the op's future is dropped.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rt0_core::sabotage;

use crate::call::Call;
use crate::call::handle::{find, refused};
use crate::failure::Failure;
use crate::generation::handles::{CLOSED, EXCLUSIVE, Handle, Held};

/// A handle's value, shared with calls and other ops.
pub struct Kept<T: Handle>(Arc<Held<T>>);

/// A handle's value, used by one op only.
pub struct KeptAlone<T: Handle>(Arc<Held<T>>);

impl<T: Handle> Deref for Kept<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: counted in `users`, so nobody uses the value exclusively; the value exists until the handle is
        // closed, which needs an exclusive user.
        unsafe { (*self.0.value.get()).as_ref() }.expect("only an exclusive user takes it away")
    }
}

impl<T: Handle> Drop for Kept<T> {
    fn drop(&mut self) {
        if !sabotage::NO_KEPT_HANDLES {
            // Release pairs with the Acquire of the next exclusive user.
            self.0.users.fetch_sub(1, Ordering::Release);
        }
    }
}

impl<T: Handle> Deref for KeptAlone<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: `users` says that nobody else uses the value.
        unsafe { (*self.0.value.get()).as_ref() }.expect("only an exclusive user takes it away")
    }
}

impl<T: Handle> DerefMut for KeptAlone<T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: `users` says that nobody else uses the value.
        unsafe { (*self.0.value.get()).as_mut() }.expect("only an exclusive user takes it away")
    }
}

impl<T: Handle> Drop for KeptAlone<T> {
    fn drop(&mut self) {
        if !sabotage::NO_KEPT_HANDLES {
            // Release pairs with the Acquire of the next user.
            self.0.users.store(0, Ordering::Release);
        }
    }
}

/// The value behind a handle, shared, until the result is dropped.
pub fn kept<T: Handle>(
    call: &Call,
    name: &'static str,
    at: *const T::Opaque,
) -> Result<Kept<T>, Failure> {
    let held = find::<T>(call, name, at as usize)?;
    if sabotage::NO_KEPT_HANDLES {
        return Ok(Kept(held));
    }
    // Acquire pairs with the Release of the last exclusive user.
    let entered = held
        .users
        .fetch_update(Ordering::Acquire, Ordering::Relaxed, |users| {
            (users < CLOSED - 1).then(|| users + 1)
        });
    match entered {
        Ok(_) => Ok(Kept(held)),
        Err(users) => Err(refused(name, users)),
    }
}

/// The value behind a handle, for one op, until the result is dropped.
pub fn kept_alone<T: Handle>(
    call: &Call,
    name: &'static str,
    at: *mut T::Opaque,
) -> Result<KeptAlone<T>, Failure> {
    let held = find::<T>(call, name, at as usize)?;
    if sabotage::NO_KEPT_HANDLES {
        return Ok(KeptAlone(held));
    }
    // Acquire pairs with the Release of the last user.
    let claimed = held
        .users
        .compare_exchange(0, EXCLUSIVE, Ordering::Acquire, Ordering::Relaxed);
    match claimed {
        Ok(_) => Ok(KeptAlone(held)),
        Err(users) => Err(refused(name, users)),
    }
}
