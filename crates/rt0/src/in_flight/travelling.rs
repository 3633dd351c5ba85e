//! Guards that belong to no thread: they can move to other threads, and a shutdown waits for them as it waits
//! for calls.
//!
//! They are counted in one list, behind a lock. A thread puts a guard there while it is inside a call or
//! holds another guard of the list. So when the gate is closed, the threads have left and then the list is
//! empty, it stays empty. The boot thread is joined later and may be inside until then: the list is looked at
//! again when it is joined, and closed for good.
//!
//! The list is reached through the generation page, so that a fork's child has none and never touches the
//! lock of its parent's. What a shutdown needs of it are pointers to functions: a library without such guards
//! contains none of this.

use std::fmt::Write;
use std::panic::Location;
use std::ptr::null_mut;
use std::sync::atomic::AtomicPtr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rt0_core::generation::page;
use rt0_core::sabotage;

use crate::growing::Growing;
use crate::of_process::OfProcess;

/// Where a guard was made, in the author's code.
pub(crate) type Place = &'static Location<'static>;

/// How many guards the text names.
const NAMED: usize = 3;

struct List {
    count: fn(&List) -> usize,
    text: fn(&List) -> String,
    close: fn(&List) -> usize,
    while_held: fn(&List, &mut dyn FnMut()),
    guards: Mutex<Guards>,
}

struct Guards {
    held: Growing<Place>,
    next: u64,
    /// The generation whose guards count no more; 0: none.
    closed: u32,
}

/// A guard's entry in the list; or nothing, where no shutdown needs to wait for the guard, because what it
/// guards is never freed: in a fork's child, which has its parent's generation for ever, and in a generation
/// that was lost.
pub(crate) struct Entry {
    /// The generation of the guard.
    number: u32,
    key: u64,
    place: Place,
}

impl Entry {
    /// Puts a guard into the list. The calling thread must be inside the generation `number`, or hold a guard
    /// of it.
    pub fn new(number: u32, place: Place) -> Entry {
        let mut guards = List::present_or(List::new).lock();
        guards.next += 1;
        let key = guards.next;
        // Looked at with the lock: the page gets its next number after the list was closed, or right before.
        if guards.closed != number && page().number() == number {
            guards.held.insert(key, place);
        }
        Entry { number, key, place }
    }

    /// One more of the same generation.
    pub fn again(&self) -> Entry {
        if self.is_of_the_present() {
            Entry::new(self.number, self.place)
        } else {
            Entry { key: 0, ..*self }
        }
    }

    /// The entry of a guard that nothing waits for.
    pub fn of_nothing(place: Place) -> Entry {
        Entry {
            number: 0,
            key: 0,
            place,
        }
    }

    fn is_of_the_present(&self) -> bool {
        self.number != 0 && self.number == page().number()
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        // In a fork's child the lock may be held for ever, by a thread that is not there.
        if self.is_of_the_present() || sabotage::NO_FORKED_GUARD {
            List::present_or(List::new).lock().held.remove(self.key);
        }
    }
}

/// How many guards of the present generation are held.
pub(crate) fn held() -> usize {
    if sabotage::NO_TRAVELLING_COUNT {
        return 0;
    }
    // A shutdown finds the list of any guard that was made inside a call: it has seen that call leave.
    List::present().map_or(0, |list| (list.count)(list))
}

/// Which guards these are, as a text for the host's programmer.
pub(crate) fn text() -> Option<String> {
    List::present().map(|list| (list.text)(list))
}

/// From now on the guards of the present generation count no more. Returns how many are held: what they guard
/// must stay in memory.
pub(crate) fn close() -> usize {
    if sabotage::NO_TRAVELLING_COUNT || sabotage::NO_SECOND_COUNT {
        return 0;
    }
    List::present().map_or(0, |list| (list.close)(list))
}

/// The same for a generation whose runtime is lost. A task that is never run again may hold a guard; and what
/// the guards of such a generation guard is never freed.
pub(crate) fn release() {
    if !sabotage::NO_LOST_GUARDS {
        close();
    }
}

/// Calls `f`, if a guard of the present generation is held that holds off a shutdown. It is held off until
/// `f` returns, which must neither make a guard nor drop one.
#[cfg_attr(not(feature = "tokio"), allow(dead_code))]
pub(crate) fn while_held(f: &mut dyn FnMut()) {
    if let Some(list) = List::present() {
        (list.while_held)(list, f);
    }
}

// SAFETY: this is the only use of the word.
unsafe impl OfProcess for List {
    fn word() -> &'static AtomicPtr<()> {
        &page().guards
    }

    fn last() -> &'static AtomicPtr<List> {
        static LAST: AtomicPtr<List> = AtomicPtr::new(null_mut());
        &LAST
    }
}

impl List {
    fn new() -> List {
        List {
            count: |list| list.lock().held.values().count(),
            text: |list| list.lock().text(),
            close: |list| {
                let mut guards = list.lock();
                guards.closed = page().number();
                guards.held.take_all().count()
            },
            while_held: |list, f| {
                let guards = list.lock();
                // With the lock: a shutdown looks into the list, and closes it, before it touches anything.
                if guards.held.values().next().is_some() {
                    f();
                }
            },
            guards: Mutex::new(Guards {
                held: Growing::new(),
                next: 0,
                closed: 0,
            }),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Guards> {
        // Nothing panics while the lock is held but a lack of memory, which leaves the list as it was.
        self.guards.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Guards {
    fn text(&self) -> String {
        let count = self.held.values().count();
        let mut text = format!(
            "{count} guard(s) that belong to no thread (rt0::SharedReady) are still held, made at "
        );
        for (i, place) in self.held.values().take(NAMED).enumerate() {
            let before = if i == 0 { "" } else { ", " };
            let _ = write!(text, "{before}{place}");
        }
        if count > NAMED {
            let _ = write!(text, " and {} more", count - NAMED);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The boot thread of a lost generation can be so late: nobody would take the guard off the list again.
    #[test]
    fn a_guard_of_a_generation_long_gone_is_in_no_list() {
        let entry = Entry::new(page().number() + 1, Location::caller());
        assert_eq!(held(), 0);
        drop(entry);
        assert_eq!(held(), 0);
    }
}
