//! System threads: `rt0_thread_create`, and `rt0_thread_without_libc`.

use core::ffi::{c_int, c_void};
use core::mem::size_of;

use rt0_core::Status;
use rt0_core::library::settings;
use rt0_core::platform::weak_symbols::ThreadStart;
use rt0_core::platform::{kernel, stack, thread};

use crate::attach;

rt0_core::define_function!("rt0_thread_create", crate::thread::rt0_thread_create);
rt0_core::define_function!(
    "rt0_thread_without_libc",
    crate::thread::rt0_thread_without_libc
);
rt0_core::define_function!("rt0_thread_join", crate::thread::rt0_thread_join);
rt0_core::define_function!("rt0_thread_detach", crate::thread::rt0_thread_detach);

/// What a new thread is to do. It lies in a mapping of its own: there is no allocator, and whoever makes
/// a thread does not wait for it.
struct Work {
    start: ThreadStart,
    data: *mut c_void,
}

extern "C" fn run(work: *mut c_void) -> *mut c_void {
    // SAFETY: `create` wrote one, for this thread alone, in a mapping of this size.
    let Work { start, data } = unsafe {
        let read = work.cast::<Work>().read();
        kernel::unmap(work.cast(), size_of::<Work>());
        read
    };
    attach::own_thread();
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

fn create(start: ThreadStart, data: *mut c_void, stack_size: usize) -> Result<usize, Status> {
    let size = stack(stack_size)?;
    let work = kernel::map(size_of::<Work>()).ok_or(Status::NoThread)?;
    // SAFETY: fresh memory, aligned as every mapping is, and large enough.
    unsafe { work.cast::<Work>().write(Work { start, data }) };
    thread::create(run, work.cast(), size).map_err(|_| {
        // SAFETY: the whole mapping; no thread was made that knows it.
        unsafe { kernel::unmap(work, size_of::<Work>()) };
        Status::NoThread
    })
}

/// `rt0_thread_create(start, data, stack_size, thread)`
unsafe extern "C" fn rt0_thread_create(
    start: Option<ThreadStart>,
    data: *mut c_void,
    stack_size: usize,
    thread: *mut usize,
) -> c_int {
    let Some(start) = start else {
        return Status::InvalidArgument.code();
    };
    match create(start, data, stack_size) {
        Ok(handle) => {
            if thread.is_null() {
                // SAFETY: made just now; nobody else knows it.
                unsafe { thread::detach(handle) };
            } else {
                // SAFETY: a place for a handle: `rt0.h` says so.
                unsafe { *thread = handle };
            }
            0
        }
        Err(status) => status.code(),
    }
}

/// `rt0_thread_without_libc(start, data, stack_size)`
extern "C" fn rt0_thread_without_libc(
    start: Option<ThreadStart>,
    data: *mut c_void,
    stack_size: usize,
) -> c_int {
    let create = |start| {
        thread::create_without_libc(start, data, stack(stack_size)?).map_err(|_| Status::NoThread)
    };
    match start.ok_or(Status::InvalidArgument).and_then(create) {
        Ok(()) => 0,
        Err(status) => status.code(),
    }
}

/// `rt0_thread_join(thread)`
unsafe extern "C" fn rt0_thread_join(handle: usize) {
    // SAFETY: our caller's promise, as `rt0.h` has it.
    unsafe { thread::join(handle) }
}

/// `rt0_thread_detach(thread)`
unsafe extern "C" fn rt0_thread_detach(handle: usize) {
    // SAFETY: our caller's promise, as `rt0.h` has it.
    unsafe { thread::detach(handle) }
}
