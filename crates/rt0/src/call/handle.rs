//! Opaque handles: what a host holds is a number that looks like a pointer, never an address.
//!
//! The number is odd, so it is no pointer to anything that C would point to, and it is never given
//! twice (`numbers.rs`), not even by another generation or in a fork's child. It is looked up in the
//! generation's table: one that was closed, is of another type, or is older than the last start is not
//! found, and nothing is dereferenced.

use std::any::Any;
use std::cell::UnsafeCell;
use std::collections::HashMap;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use rt0_core::gate::State;
use rt0_core::{Status, generation, sabotage};

use super::{Call, Failure};
use crate::generation::numbers::Numbers;
use crate::in_flight::Inside;
use crate::platform::uncancelled::UncancelledCall;

/// A type with `#[rt0::handle]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handle",
    label = "a `Box` goes to and comes from a host as a handle",
    note = "give the type `#[rt0::handle]`, or pass a struct with `#[derive(rt0::CType)]` without a `Box`"
)]
pub trait Handle: Any + Send + Sync {
    /// What C's pointer leads to: never anything.
    type Opaque;
}

type Entry = Arc<dyn Any + Send + Sync>;

/// The library's, for as long as the process lives.
static NUMBERS: Numbers = Numbers::new();

/// The open handles of one generation.
pub(crate) struct Table {
    entries: RwLock<HashMap<usize, Entry>>,
    /// Only for the test that notices it: see [`sabotage::NO_HANDLE_COUNTER`].
    own: Numbers,
}

impl Table {
    pub fn new() -> Table {
        Table {
            entries: RwLock::default(),
            own: Numbers::new(),
        }
    }

    /// Takes all of them away, to be dropped one by one.
    pub fn drain(&self) -> impl Iterator<Item = Box<dyn Any>> + use<> {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        let all: Vec<_> = entries.drain().collect();
        all.into_iter()
            .map(|(_, entry)| Box::new(entry) as Box<dyn Any>)
    }

    fn insert(&self, entry: Entry) -> Result<usize, Failure> {
        let numbers = if sabotage::NO_HANDLE_COUNTER {
            &self.own
        } else {
            &NUMBERS
        };
        // Another library in the process begins elsewhere, so that its handles are not taken for ours.
        let handle = numbers.next(spread()).ok_or_else(used_up)?;
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        entries.insert(handle, entry);
        Ok(handle)
    }

    fn get<T: Handle>(&self, handle: usize) -> Option<Arc<Held<T>>> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        entries.get(&handle)?.clone().downcast().ok()
    }

    /// Any of this type, whatever the host has asked for.
    fn any<T: Handle>(&self) -> Option<Arc<Held<T>>> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        entries
            .values()
            .find_map(|entry| entry.clone().downcast().ok())
    }

    fn remove(&self, handle: usize) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.remove(&handle);
        drop(entries);
        drop(entry);
    }
}

#[cold]
fn used_up() -> Failure {
    let text = "there are no more handles: their numbers are never used twice, and the library has given out all \
                that there are; only a new process has new ones";
    Failure::new("rt0:", Status::NoMemory, text)
}

/// A number by which one library in a process is told from another.
pub(crate) fn identity() -> usize {
    spread() >> (usize::BITS * 3 / 4)
}

/// Where the library is loaded, spread over all numbers: libraries that lie side by side are far apart.
fn spread() -> usize {
    static HERE: u8 = 0;
    // The multiplication (by 2^64 divided by the golden ratio) moves the bits in which addresses differ to
    // the top.
    let address = (&raw const HERE) as u64;
    (address.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - usize::BITS)) as usize
}

/// A value behind a handle, with a count of its users.
struct Held<T> {
    /// How many calls share it; [`EXCLUSIVE`] when one has it for itself; [`CLOSED`] for good.
    users: AtomicUsize,
    value: UnsafeCell<Option<T>>,
}

const EXCLUSIVE: usize = usize::MAX;
const CLOSED: usize = usize::MAX - 1;

// SAFETY: `users` lets in either many readers, which needs `T: Sync`, or one writer, which needs
// `T: Send`.
unsafe impl<T: Send + Sync> Sync for Held<T> {}

/// A handle's value, shared with other calls.
pub struct Shared<'call, T: Handle>(Arc<Held<T>>, PhantomData<&'call Call>);

/// A handle's value, for one call alone.
pub struct Exclusive<'call, T: Handle> {
    held: Arc<Held<T>>,
    handle: usize,
    call: PhantomData<&'call Call>,
}

impl<T: Handle> Exclusive<'_, T> {
    /// Takes the value from the host for good, and closes its handle.
    pub fn take(self, call: &Call) -> Box<T> {
        call.generation().handles.remove(self.handle);
        // Relaxed: nobody who comes now finds more than that it is closed.
        self.held.users.store(CLOSED, Ordering::Relaxed);
        // SAFETY: `users` says that nobody else has it, now or ever.
        let value = unsafe { (*self.held.value.get()).take() };
        Box::new(value.expect("only an exclusive user takes it away"))
    }
}

impl<T: Handle> Deref for Shared<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: counted in `users`, so nobody has it exclusively; it is there until closed.
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
        // SAFETY: `users` says that nobody else has it.
        unsafe { (*self.held.value.get()).as_ref() }.expect("only an exclusive user takes it away")
    }
}

impl<T: Handle> DerefMut for Exclusive<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as above.
        unsafe { (*self.held.value.get()).as_mut() }.expect("only an exclusive user takes it away")
    }
}

impl<T: Handle> Drop for Exclusive<'_, T> {
    fn drop(&mut self) {
        // Release pairs with the Acquire of the next user. A value that was taken has none.
        if self.held.users.load(Ordering::Relaxed) != CLOSED {
            self.held.users.store(0, Ordering::Release);
        }
    }
}

/// Gives a value to the host: the handle. The subject is the call.
///
/// # Errors
/// The author's function has forked, and this is the child. The value then stays: it may be a copy of
/// what the parent has made, and nothing of the parent's is dropped in a child. Or there is no number left.
pub fn give<T: Handle>(
    call: &Call,
    subject: &'static str,
    value: Box<T>,
) -> Result<*mut T::Opaque, Failure> {
    let generation = match call.still(subject) {
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
    let handle = generation.handles.insert(Arc::new(held))?;
    Ok(handle as *mut T::Opaque)
}

/// The value behind a handle, to share.
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

/// The value behind a handle, for this call alone.
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

/// The body of `NAME_T_free`: closes a handle. Null is fine. It does not boot the library: a handle
/// that outlived its generation is unknown. While a shutdown is under way, which may yet be called off, it
/// stays as it is.
pub fn close<T: Handle>(symbol: &'static str, at: *mut T::Opaque) -> Result<(), Failure> {
    if at.is_null() {
        return Ok(());
    }
    // The destructor is the author's.
    let _uncancelled = UncancelledCall::<true>::begin();
    let inside = loop {
        if let Some(inside) = Inside::enter(generation::is_ready) {
            break inside;
        }
        match generation::page().gate.state() {
            // The shutdown was called off since.
            State::Ready => {}
            State::Stopping if !sabotage::NO_STOPPED_FREE => return Err(stopping(symbol)),
            _ => return Err(refused(symbol, CLOSED)),
        }
    };
    let call = Call::inside(inside);
    let held = exclusive::<T>(&call, symbol, at)?;
    let _context = call.enter_runtime();
    drop(held.take(&call));
    Ok(())
}

fn find<T: Handle>(
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
fn stopping(symbol: &'static str) -> Failure {
    let text = "came while the library is shutting down, and has freed nothing: the shutdown does, or is called off, and then the handle is still open";
    Failure::new(symbol, Status::Stopped, text)
}

#[cold]
fn refused(name: &'static str, users: usize) -> Failure {
    if users == CLOSED {
        let text = "is not an open handle of this type: closed already, of another type, or older than the library's last start";
        Failure::new(name, Status::InvalidHandle, text)
    } else {
        let text = "is a handle that another call is using: call again when that one has returned";
        Failure::new(name, Status::HandleBusy, text)
    }
}
