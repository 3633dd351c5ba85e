//! A thread-specific key of the C library's, made by the first who needs it, and never given back.

use core::ffi::c_void;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicUsize, Ordering};

use crate::platform::weak_symbols::{self, RawKey};

/// What the C library calls at the end of a thread whose value is not null.
pub type AtThreadEnd = unsafe extern "C" fn(*mut c_void);

/// A key that may not be there yet, and the calling thread's value for it. The word is the key, plus one;
/// 0: nobody has needed it yet.
#[derive(Default)]
pub struct Key(AtomicUsize);

impl Key {
    /// None yet.
    pub const fn new() -> Key {
        Key(AtomicUsize::new(0))
    }

    /// The key, if there is one.
    pub fn made(&self) -> Option<RawKey> {
        // Acquire pairs with the Release in `make`.
        let key = self.0.load(Ordering::Acquire).checked_sub(1)?;
        RawKey::try_from(key).ok()
    }

    /// The key, made now if there is none. `None`: the process has no more, or `may_keep`, which is asked
    /// when it is made, says no.
    ///
    /// # Safety
    /// `at_end` stays where it is for as long as the process lives, and bears every value that is
    /// [`set`](Key::set).
    pub unsafe fn make(
        &self,
        at_end: AtThreadEnd,
        may_keep: impl FnOnce() -> bool,
    ) -> Option<RawKey> {
        if let Some(key) = self.made() {
            return Some(key);
        }
        let (create, delete) = (
            weak_symbols::pthread_key_create()?,
            weak_symbols::pthread_key_delete()?,
        );
        let mut key = 0;
        // SAFETY: POSIX; the destructor is our caller's promise.
        if unsafe { create(&mut key, Some(at_end)) } != 0 {
            return None;
        }
        let word = key as usize + 1;
        // Release pairs with the Acquire in `made`: who sees the number sees what the C library wrote about
        // it. Acquire, for a loser, does the same.
        let publish = || {
            self.0
                .compare_exchange(0, word, Ordering::AcqRel, Ordering::Acquire)
        };
        if !may_keep() || publish().is_err() {
            // SAFETY: POSIX; made above, and nobody was told of it.
            unsafe { delete(key) };
        }
        self.made()
    }

    /// The calling thread's value; null where there is no key.
    pub fn get(&self) -> *mut c_void {
        match (self.made(), weak_symbols::pthread_getspecific()) {
            // SAFETY: POSIX; the key is ours and is never deleted.
            (Some(key), Some(get)) => unsafe { get(key) },
            _ => null_mut(),
        }
    }

    /// False when there is no key, or the C library has no memory for the value: on the first use in a
    /// thread only.
    #[expect(
        clippy::not_unsafe_ptr_arg_deref,
        reason = "the value is kept, never followed"
    )]
    pub fn set(&self, value: *const c_void) -> bool {
        match (self.made(), weak_symbols::pthread_setspecific()) {
            // SAFETY: POSIX; as in `get`, and the destructor bears it.
            (Some(key), Some(set)) => unsafe { set(key, value) == 0 },
            _ => false,
        }
    }
}
