//! macOS.
//!
//! From 14.4 on it has a public function to wait on an address (`os_sync_wait_on_address`). Before that, a
//! wait looks at the word every millisecond: the functions that libraries use there are private, and the App
//! Store rejects programs that use them. macOS can't clear pages at a fork either: we have only the handler
//! of `pthread_atfork`.

use core::ffi::{CStr, c_char, c_int, c_void};
use core::ptr::null_mut;
use core::sync::atomic::AtomicU32;

use super::{error, monotonic, timespec};
use crate::platform::assembler::weak;
use crate::sabotage;

/// Not the number of the other systems.
pub const PTHREAD_CANCEL_DISABLE: c_int = 0;
pub const MAP_STACK: c_int = 0;

pub const RTLD_NODELETE: c_int = libc::RTLD_NODELETE;

/// The value does not matter: no library of ours is unmapped here.
pub const TAKES_FORK_HANDLERS_BACK: bool = false;

/// A library that every process has. To open the program itself, the loader takes no lock.
pub const BARRIER_OPENS: Option<*const c_char> = Some(c"/usr/lib/libSystem.B.dylib".as_ptr());

pub type SignalMask = u32;

type WaitWithTimeout = unsafe extern "C" fn(*mut c_void, u64, usize, u32, u32, u64) -> c_int;
type Wait = unsafe extern "C" fn(*mut c_void, u64, usize, u32) -> c_int;
type Wake = unsafe extern "C" fn(*mut c_void, usize, u32) -> c_int;

weak! {
    /// macOS 14.4: sleeps while the address has this value, for at most this many nanoseconds.
    wait_with_timeout = "os_sync_wait_on_address_with_timeout", WaitWithTimeout;
    /// macOS 14.4: sleeps while the address has this value.
    wait_on_address = "os_sync_wait_on_address", Wait;
    /// macOS 14.4: wakes all threads that sleep on the address.
    wake_by_address_all = "os_sync_wake_by_address_all", Wake;
}

// Checks their types against `libc`. This is not code, so the library does not need the symbols.
const _: WaitWithTimeout = libc::os_sync_wait_on_address_with_timeout;
const _: Wait = libc::os_sync_wait_on_address;
const _: Wake = libc::os_sync_wake_by_address_all;

pub unsafe fn errno_location() -> *mut c_int {
    // SAFETY: the C library's own function, which takes nothing.
    unsafe { libc::__error() }
}

/// dyld passes argc, argv, envp and apple.
pub fn constructors_get_arguments(_: impl FnOnce() -> bool) -> bool {
    true
}

pub fn futex_wait(word: &AtomicU32, seen: u32, deadline: Option<u64>) -> bool {
    let deadline = deadline.filter(|_| !sabotage::NO_DEADLINE);
    let left = deadline.map(|nanos| nanos.saturating_sub(monotonic()));
    if left == Some(0) {
        return false;
    }
    let (Some(with_timeout), Some(without)) = (wait_with_timeout(), wait_on_address()) else {
        nap(left);
        return true;
    };
    const FLAGS: u32 = libc::OS_SYNC_WAIT_ON_ADDRESS_NONE;
    const CLOCK: u32 = libc::OS_CLOCK_MACH_ABSOLUTE_TIME;
    let (at, seen, size) = (
        word.as_ptr().cast(),
        u64::from(seen),
        size_of::<AtomicU32>(),
    );
    // SAFETY: <os/os_sync_wait_on_address.h>; the word outlives the call, which only reads it.
    let result = unsafe {
        match left {
            // This is in nanoseconds, whatever the clock's unit. Zero would be an error.
            Some(left) => with_timeout(at, seen, size, FLAGS, CLOCK, left),
            None => without(at, seen, size, FLAGS),
        }
    };
    !(result < 0 && error() == libc::ETIMEDOUT)
}

/// Sleeps for a millisecond, or for what is left if that is less.
fn nap(left: Option<u64>) {
    const LONGEST: u64 = 1_000_000;
    let time = timespec(left.map_or(LONGEST, |left| left.min(LONGEST)));
    // SAFETY: POSIX.
    unsafe { libc::nanosleep(&time, null_mut()) };
}

pub fn futex_wake_all(word: &AtomicU32) {
    const FLAGS: u32 = libc::OS_SYNC_WAKE_BY_ADDRESS_NONE;
    if let Some(wake) = wake_by_address_all() {
        // SAFETY: as in `futex_wait`; the address is only a key.
        unsafe { wake(word.as_ptr().cast(), size_of::<AtomicU32>(), FLAGS) };
    }
}

/// The system's id has 64 bits and counts up. The ids of threads that live at the same time do not differ in
/// the upper half alone.
pub fn thread_id() -> u32 {
    let mut id = 0;
    // SAFETY: 0 means this thread; `id` is written.
    unsafe { libc::pthread_threadid_np(0, &mut id) };
    id as u32
}

pub fn is_first_thread() -> bool {
    // SAFETY: it takes nothing.
    unsafe { libc::pthread_main_np() == 1 }
}

pub fn name_thread(name: &CStr) {
    // SAFETY: the name ends with a zero; it is copied.
    unsafe { libc::pthread_setname_np(name.as_ptr()) };
}

pub fn signals_of_the_c_library() -> &'static [u32] {
    &[]
}

/// macOS can't.
pub unsafe fn wipe_on_fork(_: *mut u8, _: usize) -> bool {
    false
}

/// Constructors get them. A library whose constructor has not run has none.
pub fn read_arguments(_: &mut [u8]) -> Option<usize> {
    None
}

pub fn read_environment(_: &mut [u8]) -> Option<usize> {
    None
}
