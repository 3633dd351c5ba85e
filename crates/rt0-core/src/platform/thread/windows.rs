//! Threads of Windows, by `CreateThread`: what a C library would do besides, it does when one of its
//! functions is first called.
//!
//! Each thread holds a reference to the file that its code is in, and gives it back with the call that ends
//! it: so a `FreeLibrary` never takes the code away from under it. The reference is made by whoever makes
//! the thread, which may be long before that runs.

use core::ffi::{c_int, c_void};
use core::ptr::{null, null_mut};

use super::NoThread;
use crate::platform::kernel;
use crate::platform::kernel::api::{self, Handle};
use crate::platform::weak_symbols::ThreadStart;
use crate::sabotage;

/// What a thread is given, in the process's own heap.
struct Job {
    start: ThreadStart,
    data: *mut c_void,
    /// Null: no reference was made.
    module: Handle,
}

pub fn create(start: ThreadStart, data: *mut c_void, stack_size: usize) -> Result<usize, NoThread> {
    let module = if sabotage::NO_MODULE_REFERENCE {
        None
    } else {
        kernel::this_module(0)
    };
    let module = module.unwrap_or(null_mut());
    // SAFETY: the heap is the process's own, which every process has; a `Job` has a size. The thread frees
    // it, or we do when there is no thread. The size is that of the addresses set aside.
    unsafe {
        let heap = api::GetProcessHeap();
        let job = api::HeapAlloc(heap, 0, size_of::<Job>()).cast::<Job>();
        if !job.is_null() {
            job.write(Job {
                start,
                data,
                module,
            });
            let handle = api::CreateThread(
                null(),
                stack_size,
                run,
                job.cast(),
                api::STACK_SIZE_PARAM_IS_A_RESERVATION,
                null_mut(),
            );
            if !handle.is_null() {
                return Ok(handle as usize);
            }
            api::HeapFree(heap, 0, job.cast());
        }
        if !module.is_null() {
            api::FreeLibrary(module);
        }
        Err(NoThread)
    }
}

unsafe extern "system" fn run(job: *mut c_void) -> u32 {
    // SAFETY: `create` has made it, for this thread alone.
    let Job {
        start,
        data,
        module,
    } = unsafe {
        let taken = job.cast::<Job>().read();
        api::HeapFree(api::GetProcessHeap(), 0, job);
        taken
    };
    start(data);
    if !module.is_null() {
        // SAFETY: the reference is this thread's, and nothing of the file is needed after this call.
        unsafe { api::FreeLibraryAndExitThread(module, 0) }
    }
    0
}

/// The thread's work is over by then, and its code stays until it is gone. It ends under the loader's lock, which
/// somebody may hold for as long as he likes: so it is not waited for longer than this, in milliseconds.
const ITS_END: u32 = 100;

pub unsafe fn join(handle: usize) {
    let longest = if sabotage::NO_JOIN_LIMIT {
        api::INFINITE
    } else {
        ITS_END
    };
    // SAFETY: passed on to our caller.
    unsafe {
        api::WaitForSingleObject(handle as Handle, longest);
        api::CloseHandle(handle as Handle);
    }
}

pub unsafe fn detach(handle: usize) {
    // SAFETY: passed on to our caller.
    unsafe { api::CloseHandle(handle as Handle) };
}

/// Nobody cancels threads here.
#[inline]
pub fn hold_off_cancel() -> c_int {
    0
}

#[inline]
pub fn allow_cancel(_: c_int) {}
