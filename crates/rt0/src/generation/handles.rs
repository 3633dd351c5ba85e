//! The open handles of a generation: numbers, each with a value.
//!
//! What may be done with a value, and by how many calls at once, `call/handle.rs` sees to.

use std::any::Any;
use std::cell::UnsafeCell;
use std::collections::HashMap;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, PoisonError, RwLock};

use rt0_core::sabotage;

use super::numbers::Numbers;

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

/// A value, and its users: a [`Held`] of some type.
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

    /// Keeps a value, and says its number. `None`: all have been given out.
    pub fn insert(&self, entry: Entry) -> Option<usize> {
        let numbers = if sabotage::NO_HANDLE_COUNTER {
            &self.own
        } else {
            &NUMBERS
        };
        // Another library in the process begins elsewhere, so that its handles are not taken for ours.
        let handle = numbers.next(spread())?;
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        entries.insert(handle, entry);
        Some(handle)
    }

    /// The value behind this handle, if it is open and of this type.
    pub fn get<T: Handle>(&self, handle: usize) -> Option<Arc<Held<T>>> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        entries.get(&handle)?.clone().downcast().ok()
    }

    /// Any of this type, whatever the host has asked for.
    pub fn any<T: Handle>(&self) -> Option<Arc<Held<T>>> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        entries
            .values()
            .find_map(|entry| entry.clone().downcast().ok())
    }

    /// Takes it away: it is no handle any more.
    pub fn remove(&self, handle: usize) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.remove(&handle);
        drop(entries);
        drop(entry);
    }
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
pub(crate) struct Held<T> {
    /// How many calls share it; [`EXCLUSIVE`] when one has it for itself; [`CLOSED`] for good.
    pub users: AtomicUsize,
    pub value: UnsafeCell<Option<T>>,
}

pub(crate) const EXCLUSIVE: usize = usize::MAX;
pub(crate) const CLOSED: usize = usize::MAX - 1;

// SAFETY: `users` lets in either many readers, which needs `T: Sync`, or one writer, which needs
// `T: Send`.
unsafe impl<T: Send + Sync> Sync for Held<T> {}
