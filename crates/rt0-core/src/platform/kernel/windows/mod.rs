//! Windows, by documented functions of kernel32, and by the field of the process's block that leads to the
//! loader's lock (`platform/loader`). Uses no C library. Windows has no signals and no fork.

pub(crate) mod api;
mod command_line;
mod text;

mod x86_64;

pub use self::x86_64::LARGEST_PAGE;
pub(crate) use self::x86_64::{LOADER_LOCK, current_fiber, process_block};

use core::ffi::{CStr, c_void};
use core::mem::transmute;
use core::ptr::null_mut;
use core::slice;
use core::sync::atomic::AtomicU32;

use self::api::Handle;
use self::text::Writer;
pub use self::text::units;
use crate::sabotage;

pub fn futex_wait(word: &AtomicU32, seen: u32, deadline: Option<u64>) -> bool {
    const MILLISECOND: u64 = 1_000_000;
    let deadline = deadline.filter(|_| !sabotage::NO_DEADLINE);
    let ms = match deadline.map(|nanos| nanos.saturating_sub(monotonic())) {
        None => api::INFINITE,
        Some(0) => return false,
        // The time left, rounded up, or the longest time that can be given.
        Some(left) => left.div_ceil(MILLISECOND).min(u64::from(api::INFINITE) - 1) as u32,
    };
    // SAFETY: the word outlives the call, which only reads it and `seen`, four bytes each.
    let woken = unsafe {
        api::WaitOnAddress(
            word.as_ptr().cast(),
            (&raw const seen).cast(),
            size_of::<u32>(),
            ms,
        )
    };
    // The system counts in its own ticks, and may wake us one tick early.
    woken != 0 || deadline.is_none_or(|nanos| monotonic() < nanos)
}

pub fn futex_wake_all(word: &AtomicU32) {
    // SAFETY: the address is only a key.
    unsafe { api::WakeByAddressAll(word.as_ptr().cast()) };
}

pub fn monotonic() -> u64 {
    const SECOND: u64 = 1_000_000_000;
    let (mut count, mut frequency) = (0, 1);
    // SAFETY: both are written, and neither can fail.
    unsafe {
        api::QueryPerformanceCounter(&mut count);
        api::QueryPerformanceFrequency(&mut frequency);
    }
    let (count, frequency) = (count as u64, frequency as u64);
    count / frequency * SECOND + count % frequency * SECOND / frequency
}

pub fn thread_id() -> u32 {
    // SAFETY: it takes nothing and can't fail.
    unsafe { api::GetCurrentThreadId() }
}

pub fn this_thread() -> usize {
    thread_id() as usize
}

pub fn process_id() -> Option<u32> {
    // SAFETY: it takes nothing and can't fail.
    Some(unsafe { api::GetCurrentProcessId() })
}

pub const fn is_without_libc() -> bool {
    false
}

/// No program runs with more rights than its starter in the starter's environment: if a user is granted more
/// rights, the system makes a new environment from the user's own settings.
pub fn has_more_rights() -> bool {
    false
}

/// Does nothing on systems without names for threads (before Windows 10).
pub fn name_thread(name: &CStr) {
    type SetDescription = unsafe extern "system" fn(Handle, *const u16) -> i32;
    const KERNEL32: [u16; 13] = {
        let mut name = [0; 13];
        let mut i = 0;
        while i < 12 {
            name[i] = b"kernel32.dll"[i] as u16;
            i += 1;
        }
        name
    };
    let mut wide = [0; 32];
    let units = units(name.to_bytes()).take(wide.len() - 1);
    for (place, unit) in wide.iter_mut().zip(units) {
        *place = unit;
    }
    // SAFETY: all texts end with a zero. Every process has kernel32 for as long as it lives, and the function
    // of this name there has this type. It copies the text.
    unsafe {
        let kernel32 = api::GetModuleHandleW(KERNEL32.as_ptr());
        let found = api::GetProcAddress(kernel32, c"SetThreadDescription".as_ptr());
        if let Some(set) = transmute::<*mut c_void, Option<SetDescription>>(found) {
            set(api::GetCurrentThread(), wide.as_ptr());
        }
    }
}

pub fn give_way() {
    // SAFETY: it takes no arguments.
    unsafe { api::SwitchToThread() };
}

pub fn map(len: usize) -> Option<*mut u8> {
    // SAFETY: without an address the system chooses one that nothing else uses.
    let at = unsafe {
        api::VirtualAlloc(
            null_mut(),
            len,
            api::MEM_RESERVE | api::MEM_COMMIT,
            api::PAGE_READWRITE,
        )
    };
    (!at.is_null()).then_some(at.cast())
}

pub fn map_written(len: usize) -> Option<*mut u8> {
    map(len)
}

pub fn has_room(len: usize) -> bool {
    // SAFETY: as in `map`; freed at once, and nobody else knows it.
    unsafe {
        let at = api::VirtualAlloc(null_mut(), len, api::MEM_RESERVE, api::PAGE_NOACCESS);
        !at.is_null() && api::VirtualFree(at, 0, api::MEM_RELEASE) != 0
    }
}

pub unsafe fn unmap(at: *mut u8, _len: usize) {
    // SAFETY: passed on to our caller. Without a length this frees the whole mapping.
    unsafe { api::VirtualFree(at.cast(), 0, api::MEM_RELEASE) };
}

pub unsafe fn wipe_on_fork(_: *mut u8, _: usize) -> bool {
    false
}

pub fn can_fence_all_threads() -> bool {
    false
}

pub fn prepare_to_fence_all_threads() {}

/// Windows has one (`FlushProcessWriteBuffers`), but we can't test it.
pub fn fence_all_threads() -> bool {
    false
}

pub fn read_arguments(buffer: &mut [u8]) -> Option<usize> {
    // SAFETY: it takes nothing and can't fail; the text ends with a zero, and does not change while the
    // process lives.
    let line = unsafe { up_to_zero(api::GetCommandLineW()) };
    let mut out = Writer::new(buffer);
    command_line::split(line.iter().copied(), |unit| match unit {
        Some(unit) => out.unit(unit),
        None => out.end(),
    });
    Some(out.len())
}

/// The system returns a copy of it.
pub fn read_environment(buffer: &mut [u8]) -> Option<usize> {
    // SAFETY: it takes nothing; the copy is ours until we free it.
    let copy = unsafe { api::GetEnvironmentStringsW() };
    if copy.is_null() {
        return None;
    }
    let mut out = Writer::new(buffer);
    let mut at = copy.cast_const();
    loop {
        // SAFETY: the copy is texts that each end with a zero, with an empty one after the last.
        let text = unsafe { up_to_zero(at) };
        if text.is_empty() {
            break;
        }
        text.iter().for_each(|unit| out.unit(*unit));
        out.end();
        // SAFETY: as above.
        at = unsafe { at.add(text.len() + 1) };
    }
    let len = out.len();
    // SAFETY: from `GetEnvironmentStringsW`, and not used any more.
    unsafe { api::FreeEnvironmentStringsW(copy) };
    Some(len)
}

/// The units of `text`, without the zero; empty if `text` is null.
///
/// # Safety
/// `text` is null, or units up to a zero that do not change while the result is used.
unsafe fn up_to_zero<'a>(text: *const u16) -> &'a [u16] {
    if text.is_null() {
        return &[];
    }
    let mut len = 0;
    // SAFETY: passed on to our caller.
    unsafe {
        while *text.add(len) != 0 {
            len += 1;
        }
        slice::from_raw_parts(text, len)
    }
}

pub(crate) fn this_module(flags: u32) -> Option<Handle> {
    let mut module: Handle = null_mut();
    let here: fn(u32) -> Option<Handle> = this_module;
    // SAFETY: with this flag, the name is an address in the module.
    let found = unsafe {
        api::GetModuleHandleExW(
            flags | api::GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
            here as *const u16,
            &mut module,
        )
    };
    (found != 0).then_some(module)
}
