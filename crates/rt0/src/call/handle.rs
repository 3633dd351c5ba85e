//! Opaque handles: a host holds a number that looks like a pointer, never an address.
//!
//! The number is odd, so it can't be a pointer to anything that is aligned. No number is ever given twice
//! (`generation/numbers.rs`), not even by another generation or in a fork's child. The number is looked up in
//! the generation's table. A handle that was closed, is of another type, or is older than the last start is
//! not found, and nothing is dereferenced.

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rt0_core::protocol::gate::State;
use rt0_core::{Status, generation, sabotage};

use super::Call;
use crate::failure::Failure;
use crate::generation::handles::{CLOSED, EXCLUSIVE, Handle, Held, Table};
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

impl<T: Handle> Shared<'_, T> {
    /// Becomes one of the value's users; or else what `users` says instead.
    #[inline]
    fn begin(held: Arc<Held<T>>) -> Result<Self, usize> {
        // Acquire pairs with the Release of the last exclusive user.
        held.users
            .fetch_update(Ordering::Acquire, Ordering::Relaxed, |users| {
                (users < CLOSED - 1).then(|| users + 1)
            })?;
        Ok(Shared(held, PhantomData))
    }
}

impl<T: Handle> Exclusive<'_, T> {
    /// Becomes the value's only user; or else what `users` says instead.
    #[inline]
    fn begin(held: Arc<Held<T>>, handle: usize) -> Result<Self, usize> {
        // Acquire pairs with the Release of the last user.
        held.users
            .compare_exchange(0, EXCLUSIVE, Ordering::Acquire, Ordering::Relaxed)?;
        Ok(Exclusive {
            held,
            handle,
            call: PhantomData,
        })
    }

    /// Takes the value away from the host for good, and closes its handle.
    pub fn take(self, call: &Call) -> Box<T> {
        self.take_from(&call.generation().handles)
    }

    fn take_from(self, handles: &Table) -> Box<T> {
        handles.remove(self.handle);
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
    let handle = generation
        .handles
        .insert(Arc::new(Held::new(*value)))
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
    Shared::begin(held).map_err(|users| refused(name, users))
}

/// The value behind a handle, for this call only.
pub fn exclusive<'call, T: Handle>(
    call: &'call Call,
    name: &'static str,
    at: *mut T::Opaque,
) -> Result<Exclusive<'call, T>, Failure> {
    let handle = at as usize;
    let held = find::<T>(call, name, handle)?;
    Exclusive::begin(held, handle).map_err(|users| refused(name, users))
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

#[cfg(test)]
mod tests {
    use std::ffi::c_void;
    use std::thread;

    use super::*;

    /// Boxed, so that a value that is used after its end is memory that was freed.
    struct Counter {
        count: Box<usize>,
    }

    struct Other;

    impl Handle for Counter {
        type Opaque = c_void;
    }

    impl Handle for Other {
        type Opaque = c_void;
    }

    fn open(handles: &Table) -> usize {
        let held = Held::new(Counter { count: Box::new(1) });
        handles.insert(Arc::new(held)).unwrap()
    }

    fn shared(handles: &Table, handle: usize) -> Option<Result<Shared<'static, Counter>, usize>> {
        handles.get(handle).map(Shared::begin)
    }

    fn alone(handles: &Table, handle: usize) -> Option<Result<Exclusive<'static, Counter>, usize>> {
        let held = handles.get(handle)?;
        Some(Exclusive::begin(held, handle))
    }

    #[test]
    fn a_value_has_many_readers_or_one_writer() {
        let handles = Table::new();
        let handle = open(&handles);
        assert!(handles.get::<Other>(handle).is_none());
        let readers = [(); 2].map(|()| shared(&handles, handle).unwrap().ok().unwrap());
        assert_eq!(*readers[0].count + *readers[1].count, 2);
        assert_eq!(alone(&handles, handle).unwrap().err(), Some(2));
        drop(readers);
        let mut writer = alone(&handles, handle).unwrap().ok().unwrap();
        *writer.count += 1;
        assert_eq!(shared(&handles, handle).unwrap().err(), Some(EXCLUSIVE));
        drop(writer);
        assert_eq!(*shared(&handles, handle).unwrap().ok().unwrap().count, 2);
    }

    #[test]
    fn a_closed_handle_leads_nowhere_and_its_value_is_whole() {
        let handles = Table::new();
        let handle = open(&handles);
        let late = handles.get::<Counter>(handle).unwrap();
        let writer = alone(&handles, handle).unwrap().ok().unwrap();
        assert_eq!(*writer.take_from(&handles).count, 1);
        assert!(shared(&handles, handle).is_none());
        assert_eq!(Shared::begin(late.clone()).err(), Some(CLOSED));
        assert_eq!(Exclusive::begin(late, handle).err(), Some(CLOSED));
        let left = open(&handles);
        assert_eq!(handles.drain().count(), 1);
        assert!(shared(&handles, left).is_none());
    }

    /// Each thread reads, writes, and at the end tries to close.
    #[test]
    fn threads_meet_at_one_value() {
        let handles = Table::new();
        let handle = open(&handles);
        let each = || {
            let (mut added, mut taken) = (0, None);
            for _ in 0..10 {
                if let Some(Ok(mut writer)) = alone(&handles, handle) {
                    *writer.count += 1;
                    added += 1;
                }
                if let Some(Ok(reader)) = shared(&handles, handle) {
                    assert!(*reader.count > added);
                }
            }
            if let Some(Ok(writer)) = alone(&handles, handle) {
                taken = Some(*writer.take_from(&handles).count);
            }
            (added, taken)
        };
        let found = thread::scope(|scope| [(); 3].map(|()| scope.spawn(each)).map(|t| t.join()));
        let found = found.map(Result::unwrap);
        let added: usize = found.iter().map(|(added, _)| added).sum();
        let mut taken: Vec<_> = found.iter().filter_map(|(_, taken)| *taken).collect();
        if let Some(Ok(writer)) = alone(&handles, handle) {
            taken.push(*writer.take_from(&handles).count);
        }
        assert_eq!(taken.len(), 1, "closed once");
        assert!(taken[0] <= added + 1);
    }
}
