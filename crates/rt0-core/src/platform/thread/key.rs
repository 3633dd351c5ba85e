//! A thread-specific key of the C library, made when it is first needed, and never deleted.

use core::ffi::c_void;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicUsize, Ordering};

use crate::platform::weak_symbols::{self, RawKey};

/// The destructor, which the C library calls at the end of each thread whose value is not null.
pub type AtThreadEnd = unsafe extern "C" fn(*mut c_void);

/// A key that may not be made yet, and the calling thread's value for it. The word is the key plus one, or 0
/// before it is made.
#[derive(Default)]
pub struct Key(AtomicUsize);

impl Key {
    /// No key is made yet.
    pub const fn new() -> Key {
        Key(AtomicUsize::new(0))
    }

    /// The key, if it is made.
    pub fn made(&self) -> Option<RawKey> {
        // Acquire pairs with the Release in `make`.
        let key = self.0.load(Ordering::Acquire).checked_sub(1)?;
        RawKey::try_from(key).ok()
    }

    /// The key, made now if need be. `None` if the process has no more keys, or if `may_keep`, which is asked
    /// once the key is made, returns false.
    ///
    /// # Safety
    /// `at_end` stays where it is for as long as the process lives, and can be called with every value that
    /// is [`set`](Key::set).
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
        // SAFETY: POSIX; our caller vouches for the destructor.
        if unsafe { create(&mut key, Some(at_end)) } != 0 {
            return None;
        }
        let word = key as usize + 1;
        // Release pairs with the Acquire in `made`: whoever sees the key sees what the C library wrote for
        // it. Acquire does the same for a thread that loses the race.
        let publish = || {
            self.0
                .compare_exchange(0, word, Ordering::AcqRel, Ordering::Acquire)
        };
        if !may_keep() || publish().is_err() {
            // SAFETY: POSIX; made above, and nobody else knows it.
            unsafe { delete(key) };
        }
        self.made()
    }

    /// The calling thread's value; null if no key is made.
    pub fn get(&self) -> *mut c_void {
        match (self.made(), weak_symbols::pthread_getspecific()) {
            // SAFETY: POSIX; the key is ours and is never deleted.
            (Some(key), Some(get)) => unsafe { get(key) },
            _ => null_mut(),
        }
    }

    /// Sets the calling thread's value. False if no key is made, or if the C library has no memory for the
    /// value, which can only happen on a thread's first use.
    #[expect(
        clippy::not_unsafe_ptr_arg_deref,
        reason = "the value is stored, never dereferenced"
    )]
    pub fn set(&self, value: *const c_void) -> bool {
        match (self.made(), weak_symbols::pthread_setspecific()) {
            // SAFETY: POSIX; as in `get`, and the destructor can be called with the value.
            (Some(key), Some(set)) => unsafe { set(key, value) == 0 },
            _ => false,
        }
    }
}
