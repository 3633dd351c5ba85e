//! Threads that the runtime did not make, and threads that it did.
//!
//! A thread-specific value of the C library's says which kind a thread is, and the value's destructor reports
//! the thread's end:
//!
//! | the value | the thread is |
//! |---|---|
//! | null | unknown to the runtime |
//! | a generation's number | attached in that generation |
//! | [`OWN`] | the runtime's own |
//!
//! A library that can be unmapped has no such value: a destructor must stay in memory.

use core::ffi::{c_int, c_void};

use rt0_core::generation::{self, page};
use rt0_core::platform::loader::namespace;
use rt0_core::platform::thread::key::Key;
use rt0_core::{Status, sabotage};

use crate::table::{Table, table};

/// No generation has this number.
const OWN: usize = usize::MAX;

static KEY: Key = Key::new();

/// Makes the key. False if there is no free key, and in a separate namespace, where our value would overwrite
/// one of the host's (see `rt0_core::platform::loader::namespace`).
pub fn prepare() -> bool {
    if table().is_unloadable() || namespace::is_other() {
        return false;
    }
    // SAFETY: the library is pinned, and `at_thread_end` takes any value.
    unsafe { KEY.make(at_thread_end, || true) }.is_some()
}

fn value() -> usize {
    // This thread may have been created, and its key too, before the constructor found out about the
    // namespace.
    if namespace::is_other() {
        return 0;
    }
    KEY.get() as usize
}

/// False if the C library has no memory for the value, or if there is no key.
fn set(value: usize) -> bool {
    !namespace::is_other() && KEY.set(value as *const c_void)
}

/// Whether this thread is the runtime's own.
pub fn is_own_thread() -> bool {
    value() == OWN
}

fn set_own() -> bool {
    sabotage::NO_OWN_MARK || set(OWN)
}

/// Marks this thread as the runtime's own. False if there is no room for the mark.
pub fn mark_own_thread() -> bool {
    prepare() && set_own()
}

/// Runs `f` on this thread as on one of the runtime's own.
pub fn as_own_thread<R>(f: impl FnOnce() -> R) -> R {
    let former = value();
    let noted = set_own();
    let result = f();
    if noted {
        set(former);
    }
    result
}

/// Attaches this thread to the running generation, unless it is already attached or is the runtime's own. If
/// that fails, returns the author's code.
pub fn attach(table: &Table) -> c_int {
    let Some(attach) = table.attach else { return 0 };
    let generation = page().number();
    let value = value();
    if value == generation as usize || value == OWN {
        return 0;
    }
    // Before the call, because the author's function may call us.
    if !set(generation as usize) {
        return Status::NoMemory.code();
    }
    // SAFETY: the author's function, called as `rt0.h` says.
    let code = unsafe { attach(table.user, generation) };
    if code != 0 {
        set(0);
    }
    code
}

/// The key's destructor. It does not detach a thread from a generation that has ended, nor, in a fork's
/// child, from its parent's.
unsafe extern "C" fn at_thread_end(value: *mut c_void) {
    let value = value as usize;
    let table = table();
    let lives = generation::is_ready() && value == page().number() as usize;
    let attached = lives || (sabotage::NO_DETACH_CHECK && value != OWN);
    if let Some(detach) = table.detach {
        if attached {
            // From here on the runtime knows this thread, so calls by the author's function or by a later
            // destructor pass.
            set(OWN);
            // SAFETY: the author's function, called as `rt0.h` says; the number came from a `u32`.
            unsafe { detach(table.user, value as u32) };
            set(0);
        }
    }
}
