//! System threads that a runtime asks for.

use core::ffi::c_void;
use core::mem::size_of;

use rt0_core::Status;
use rt0_core::library::settings;
use rt0_core::platform::weak_symbols::ThreadStart;
use rt0_core::platform::{kernel, stack, thread};

use crate::attach;

/// What a new thread must do. It is in a mapping of its own, because there is no allocator, and the creator
/// does not wait for the thread.
struct Work {
    start: ThreadStart,
    data: *mut c_void,
}

extern "C" fn run(work: *mut c_void) -> *mut c_void {
    // SAFETY: `create` wrote it, only for this thread, in a mapping of this size.
    let Work { start, data } = unsafe {
        let read = work.cast::<Work>().read();
        kernel::unmap(work.cast(), size_of::<Work>());
        read
    };
    attach::mark_own_thread();
    thread::settle_signals();
    start(data)
}

fn stack(size: usize) -> Result<usize, Status> {
    match size {
        0 => Ok(stack::DEFAULT_SIZE),
        size if settings::STACK_SIZES.contains(&size) => Ok(size),
        _ => Err(Status::InvalidArgument),
    }
}

/// Makes a thread, and returns its handle.
pub fn create(start: ThreadStart, data: *mut c_void, stack_size: usize) -> Result<usize, Status> {
    let size = stack(stack_size)?;
    let work = kernel::map(size_of::<Work>()).ok_or(Status::NoThread)?;
    // SAFETY: the memory is new, aligned like every mapping, and large enough.
    unsafe { work.cast::<Work>().write(Work { start, data }) };
    thread::create(run, work.cast(), size).map_err(|_| {
        // SAFETY: this is the whole mapping, and no thread was made that could use it.
        unsafe { kernel::unmap(work, size_of::<Work>()) };
        Status::NoThread
    })
}

/// Makes a thread that the C library does not know.
pub fn create_without_libc(
    start: ThreadStart,
    data: *mut c_void,
    stack_size: usize,
) -> Result<(), Status> {
    thread::create_without_libc(start, data, stack(stack_size)?).map_err(|_| Status::NoThread)
}
