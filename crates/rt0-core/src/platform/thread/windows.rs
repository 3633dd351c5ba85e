//! Threads of Windows, by `CreateThread`. What a C library would do besides, it does when one of its
//! functions is first called.
//!
//! Each thread holds a reference to the file that its code is in, so a `FreeLibrary` never unmaps code that
//! is running. The thread's creator takes the reference, because the thread may run much later. The thread
//! gives it back with the call that ends the thread.

use core::ffi::{c_int, c_void};
use core::ptr::{null, null_mut};

use super::NoThread;
use crate::platform::kernel;
use crate::platform::kernel::api::{self, Handle};
use crate::platform::weak_symbols::ThreadStart;
use crate::sabotage;

/// What a new thread gets, in the process's own heap.
struct Job {
    start: ThreadStart,
    data: *mut c_void,
    /// Null if there is no reference.
    module: Handle,
}

pub fn create(start: ThreadStart, data: *mut c_void, stack_size: usize) -> Result<usize, NoThread> {
    let module = if sabotage::NO_MODULE_REFERENCE {
        None
    } else {
        kernel::this_module(0)
    };
    let module = module.unwrap_or(null_mut());
    // SAFETY: the heap is the process's own, which every process has; a `Job` is not zero-sized. The thread
    // frees it, or we do if there is no thread. `stack_size` is how many addresses are reserved.
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
    // SAFETY: `create` has made the job, for this thread alone.
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
        // SAFETY: the reference is this thread's, which needs nothing of the file after this call.
        unsafe { api::FreeLibraryAndExitThread(module, 0) }
    }
    0
}

/// How long `join` waits, in milliseconds. By then the thread's work is over, and its code stays until the
/// thread is gone. A thread ends under the loader's lock, which others may hold for as long as they like, so
/// the wait must have a limit.
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

/// Windows does not cancel threads.
#[inline]
pub fn hold_off_cancel() -> c_int {
    0
}

#[inline]
pub fn allow_cancel(_: c_int) {}

pub fn is_alone() -> Option<bool> {
    None
}
