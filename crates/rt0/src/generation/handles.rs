//! The open handles of a generation: a table from numbers to values.
//!
//! `call/handle.rs` controls how calls use a value, and how many may use it at once.

use std::any::Any;
use std::cell::UnsafeCell;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, PoisonError, RwLock};

use rt0_core::sabotage;

use super::numbers::Numbers;
use crate::growing::Growing;

/// A type with `#[rt0::handle]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handle",
    label = "a `Box` goes to and comes from a host as a handle",
    note = "give the type `#[rt0::handle]`, or pass a struct with `#[derive(rt0::CType)]` without a `Box`"
)]
pub trait Handle: Any + Send + Sync {
    /// The opaque type that C's pointer names. There is never a value of it.
    type Opaque;
}

/// A value with a count of its users: a [`Held`] of some type.
pub(crate) type Entry = Arc<dyn Any + Send + Sync>;

/// The library's handle numbers, for the life of the process.
static NUMBERS: Numbers = Numbers::new();

/// The open handles of one generation.
pub(crate) struct Table {
    entries: RwLock<Growing<Entry>>,
    /// Used only under [`sabotage::NO_HANDLE_COUNTER`], which a test must notice.
    own: Numbers,
}

impl Table {
    pub fn new() -> Table {
        Table {
            entries: RwLock::new(Growing::new()),
            own: Numbers::new(),
        }
    }

    /// Removes all entries, for the caller to drop one by one.
    pub fn drain(&self) -> impl Iterator<Item = Entry> + use<> {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        entries.take_all()
    }

    /// Stores a value and returns its number. `None` if all numbers have been used.
    pub fn insert(&self, entry: Entry) -> Option<usize> {
        let numbers = if sabotage::NO_HANDLE_COUNTER {
            &self.own
        } else {
            &NUMBERS
        };
        // Another library in the process starts from another number, so its handles are not mistaken for
        // ours.
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        // Under the lock, so that the entries are stored in the order of their numbers.
        let handle = numbers.next(spread())?;
        entries.insert(place(handle), entry);
        Some(handle)
    }

    /// The value behind this handle, if it is open and of this type.
    pub fn get<T: Handle>(&self, handle: usize) -> Option<Arc<Held<T>>> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        entries.get(place(handle))?.clone().downcast().ok()
    }

    /// Any value of this type. Only for [`sabotage::NO_HANDLE_CHECK`].
    pub fn any<T: Handle>(&self) -> Option<Arc<Held<T>>> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        entries
            .values()
            .find_map(|entry| entry.clone().downcast().ok())
    }

    /// Removes the handle: its number is no longer valid.
    pub fn remove(&self, handle: usize) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.remove(place(handle));
        drop(entries);
        drop(entry);
    }
}

/// A number that was never given before, for a handle that is kept elsewhere. `None` if all have been used.
#[cfg_attr(not(feature = "tokio"), allow(dead_code))]
pub(crate) fn next_number() -> Option<usize> {
    NUMBERS.next(spread())
}

/// How many numbers were given before this one, times two. A number itself wraps around once.
pub(crate) fn place(handle: usize) -> u64 {
    handle.wrapping_sub(spread() | 1) as u64
}

/// A number that tells the libraries in a process apart.
pub(crate) fn identity() -> usize {
    spread() >> (usize::BITS * 3 / 4)
}

/// The library's load address, spread over all numbers, so that neighbouring libraries get numbers far apart.
fn spread() -> usize {
    static HERE: u8 = 0;
    // Multiplying by 2^64 divided by the golden ratio moves the bits in which addresses differ to the top.
    let address = (&raw const HERE) as u64;
    (address.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - usize::BITS)) as usize
}

/// A value behind a handle, with a count of its users.
pub(crate) struct Held<T> {
    /// How many calls share the value; [`EXCLUSIVE`] while one call has it alone; [`CLOSED`] once it is
    /// closed.
    pub users: AtomicUsize,
    pub value: UnsafeCell<Option<T>>,
}

impl<T> Held<T> {
    /// A value that nobody uses yet.
    pub fn new(value: T) -> Held<T> {
        Held {
            users: AtomicUsize::new(0),
            value: UnsafeCell::new(Some(value)),
        }
    }
}

pub(crate) const EXCLUSIVE: usize = usize::MAX;
pub(crate) const CLOSED: usize = usize::MAX - 1;

// SAFETY: `users` lets in either many readers, which needs `T: Sync`, or one writer, which needs
// `T: Send`.
unsafe impl<T: Send + Sync> Sync for Held<T> {}
