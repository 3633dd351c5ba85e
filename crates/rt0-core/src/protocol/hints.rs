//! A table that leads from a thread pointer to what its thread has, where a thread-local would take a call of the
//! loader's.
//!
//! An entry is a hint and no more: threads with the same place overwrite each other's. So whoever follows one
//! must look, at what it leads to, whether that is this thread's.

use core::ptr::from_ref;
use core::sync::atomic::Ordering;

use crate::sync::{AtomicPtr, IS_MODEL, for_the_model};

/// How many places there are. In the model all threads have the same.
const PLACES: usize = if IS_MODEL { 1 } else { 256 };

/// Which bits of a thread pointer are its place. C libraries put it at the upper end of the thread's stack, and a
/// usual stack with its guard page has an odd number of pages: threads that begin one after the other have places
/// one after the other.
const SHIFT: u32 = 11;

/// The table, for things that are never freed. All-zero bytes are an empty one.
#[repr(C)]
pub struct Hints<T: 'static> {
    /// Always zeros: where assembly finds itself when it follows an entry that nobody has written.
    nothing: [usize; 2],
    /// How far what each place leads to is from this table. Null: nobody has written it.
    places: [AtomicPtr<T>; PLACES],
}

impl<T: 'static> Hints<T> {
    /// How many bytes of zeros an entry leads to that nobody has written.
    pub const NOTHING: usize = size_of::<[usize; 2]>();
    /// Where assembly finds the entries.
    pub const PLACES_AT: usize = Self::NOTHING;
    /// Where it finds a thread's own: it leaves out so many bytes of the thread pointer, at the lower end, and
    /// all but these bits of the rest. What is left is the distance from the first entry.
    pub const BYTES_OUT: usize = 1;
    /// See there.
    pub const MASK: usize = (PLACES - 1) * size_of::<usize>();

    /// Has the entry of the thread with this pointer lead there.
    pub fn write(&'static self, pointer: usize, to: &'static T) {
        let distance = from_ref(to).wrapping_byte_sub(from_ref(self).addr());
        let place = self.place(pointer);
        // Relaxed: it is compared, and not followed. Threads may read the entry all the time: it is not written
        // again for nothing.
        if !core::ptr::eq(place.load(Ordering::Relaxed), distance) {
            place.store(distance.cast_mut(), Ordering::Release);
        }
    }

    fn place(&self, pointer: usize) -> &AtomicPtr<T> {
        &self.places[(pointer >> SHIFT) & (PLACES - 1)]
    }
}

// An entry's distance from the first, as assembly finds it.
const _: () = assert!(
    8 * Hints::<u8>::BYTES_OUT as u32 + size_of::<usize>().ilog2() == SHIFT || usize::BITS != 64
);

for_the_model! {
    impl<T: 'static> Hints<T> {
        /// What the entry of the thread with this pointer leads to: perhaps another thread's. In what ships,
        /// assembly looks, which needs no test for null.
        pub fn at(&'static self, pointer: usize) -> Option<&'static T> {
            // Acquire pairs with the Release in `write`: what it leads to was made before. (On the processor whose
            // assembly looks, each load is one.)
            let distance = self.place(pointer).load(Ordering::Acquire);
            if distance.is_null() {
                return None;
            }
            let there = distance.wrapping_byte_add(from_ref(self).addr());
            // SAFETY: `write` was given it, as a `&'static T`.
            Some(unsafe { &*there })
        }
    }

    impl<T: 'static> Default for Hints<T> {
        /// What ships has it as zeros.
        fn default() -> Hints<T> {
            Hints {
                nothing: [0; 2],
                places: core::array::from_fn(|_| AtomicPtr::new(core::ptr::null_mut())),
            }
        }
    }
}
