//! What checks ask of the system.

use std::ffi::{CStr, c_void};
use std::io;
use std::os::fd::{FromRawFd, OwnedFd};

use crate::board::{self, Board};

/// The board that the keeper has given this process; its descriptor is closed.
pub(super) fn inherited_board() -> io::Result<Board> {
    // SAFETY: the keeper has put it there, and nobody in this process has taken it yet. If this is no child of a
    // keeper's, a wrong descriptor makes the mapping fail.
    let memory = unsafe { OwnedFd::from_raw_fd(board::DESCRIPTOR) };
    Board::of(&memory)
}

/// Makes the process as a program in C has it: std ignores SIGPIPE, and handles SIGSEGV and SIGBUS on a stack of its
/// own.
pub fn become_plain_host() {
    // SAFETY: the process has one thread, and nothing relies on std's handlers. The stack is no longer used by a
    // handler; any debugger may look at this process.
    unsafe {
        for signal in [libc::SIGPIPE, libc::SIGSEGV, libc::SIGBUS] {
            libc::signal(signal, libc::SIG_DFL);
        }
        let mut none: libc::stack_t = std::mem::zeroed();
        none.ss_flags = libc::SS_DISABLE;
        libc::sigaltstack(&raw const none, std::ptr::null_mut());
        libc::prctl(libc::PR_SET_PTRACER, libc::PR_SET_PTRACER_ANY, 0, 0, 0);
    }
}

/// Ends the process: no handler runs, nothing is written.
pub fn exit_now(code: i32) -> ! {
    // SAFETY: _exit(2) has no preconditions.
    unsafe { libc::_exit(code) }
}

/// The calling thread's number.
pub fn tid() -> i32 {
    // SAFETY: gettid(2) has no preconditions.
    unsafe { libc::syscall(libc::SYS_gettid) as i32 }
}

/// The numbers of this process's threads. One that has run its last instruction outside the kernel is none: whoever has
/// waited for its end may still find it in the system's list, for as long as it has no processor.
pub fn threads() -> Vec<i32> {
    let mut all = numbers("/proc/self/task");
    all.retain(|thread| !is_ending(*thread));
    all
}

fn is_ending(thread: i32) -> bool {
    /// PF_EXITING of the kernel's.
    const EXITING: u32 = 4;
    const FLAGS: usize = 6;
    let flags = stat(thread, FLAGS).and_then(|flags| flags.parse::<u32>().ok());
    flags.is_some_and(|flags| flags & EXITING != 0)
}

/// Whether this thread runs, or would if it had a processor.
pub fn wants_a_processor(thread: i32) -> bool {
    stat(thread, 0).is_some_and(|state| state == "R")
}

/// A field of what the kernel says of a thread of this process, counted from its state on.
fn stat(thread: i32, field: usize) -> Option<String> {
    let text = std::fs::read(format!("/proc/self/task/{thread}/stat")).ok()?;
    // Before it is the name, in parentheses, which may contain anything.
    let end = text.iter().rposition(|byte| *byte == b')')?;
    let text = std::str::from_utf8(&text[end + 1..]).ok()?;
    text.split_whitespace().nth(field).map(str::to_owned)
}

/// The numbers of this process's threads, and their names.
pub fn threads_by_name() -> Vec<(i32, String)> {
    let named = |id: i32| {
        let name = std::fs::read_to_string(format!("/proc/self/task/{id}/comm")).ok()?;
        Some((id, name.trim_end().to_owned()))
    };
    threads().into_iter().filter_map(named).collect()
}

/// Nanoseconds of the monotonic clock, which all processes share.
pub fn now() -> u64 {
    clock(libc::CLOCK_MONOTONIC)
}

/// Nanoseconds of this clock.
pub fn clock(which: libc::clockid_t) -> u64 {
    let mut now = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: clock_gettime(2) writes the time.
    unsafe { libc::clock_gettime(which, &raw mut now) };
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

/// The version of the C library of this process, if it is glibc.
pub fn glibc_version() -> Option<String> {
    // SAFETY: the name is a C string.
    let found = unsafe { libc::dlsym(libc::RTLD_DEFAULT, c"gnu_get_libc_version".as_ptr()) };
    if found.is_null() {
        return None;
    }
    // SAFETY: glibc alone has a function of this name, with this type. It returns a C string that stays.
    let text = unsafe {
        let version = std::mem::transmute::<
            *mut c_void,
            unsafe extern "C" fn() -> *const libc::c_char,
        >(found);
        CStr::from_ptr(version())
    };
    Some(text.to_string_lossy().into_owned())
}

/// The open descriptors of this process, without the one that this function needs.
pub fn descriptors() -> Vec<i32> {
    let is_open = |number: &i32| {
        // SAFETY: F_GETFD only asks.
        unsafe { libc::fcntl(*number, libc::F_GETFD) >= 0 }
    };
    numbers("/proc/self/fd")
        .into_iter()
        .filter(is_open)
        .collect()
}

fn numbers(folder: &str) -> Vec<i32> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<i32> = entries
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect();
    found.sort_unstable();
    found
}

/// `dlmopen(LM_ID_NEWLM, path, RTLD_NOW)`.
///
/// # Errors
/// The C library has no namespaces.
pub(super) fn dlmopen_new(path: &CStr) -> Result<*mut c_void, String> {
    type Dlmopen = unsafe extern "C" fn(libc::c_long, *const libc::c_char, i32) -> *mut c_void;
    const LM_ID_NEWLM: libc::c_long = -1;
    // SAFETY: the name is a C string; glibc alone has a function of this name, with this type.
    let found = unsafe { libc::dlsym(libc::RTLD_DEFAULT, c"dlmopen".as_ptr()) };
    if found.is_null() {
        return Err("this C library has no namespaces".to_owned());
    }
    // SAFETY: as above.
    let dlmopen = unsafe { std::mem::transmute::<*mut c_void, Dlmopen>(found) };
    // SAFETY: the path is a C string. As for `Library::open`.
    Ok(unsafe { dlmopen(LM_ID_NEWLM, path.as_ptr(), libc::RTLD_NOW) })
}
