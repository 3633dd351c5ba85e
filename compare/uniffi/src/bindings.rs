//! What the bindings of UniFFI do for a caller: begin the future, poll it whenever it asks for that, take the result.

use std::sync::mpsc::{SyncSender, sync_channel};

use uniffi::{RustCallStatus, RustFutureContinuationCallback, RustFuturePoll};

/// A future of the library's, as its bindings know it.
type Handle = u64;

unsafe extern "C" {
    fn uniffi_compare_uniffi_fn_func_add(a: i32, b: i32, status: &mut RustCallStatus) -> i32;
    fn uniffi_compare_uniffi_fn_func_sleep_and_add(a: i32, b: i32) -> Handle;
    fn uniffi_compare_uniffi_fn_func_tell(back: u64) -> Handle;
    fn ffi_compare_uniffi_rust_future_poll_i32(
        future: Handle,
        callback: RustFutureContinuationCallback,
        data: u64,
    );
    fn ffi_compare_uniffi_rust_future_complete_i32(
        future: Handle,
        status: &mut RustCallStatus,
    ) -> i32;
    fn ffi_compare_uniffi_rust_future_free_i32(future: Handle);
}

/// The function at this address.
pub fn function(address: u64) -> extern "C" fn() {
    // SAFETY: the caller of `peer_tell` has given a function's address.
    unsafe { std::mem::transmute::<usize, extern "C" fn()>(address as usize) }
}

/// The future may be polled again.
extern "C" fn again(data: u64, poll: RustFuturePoll) {
    // SAFETY: `answer` has put it there, and waits for this call, which comes once for each poll.
    let sender = unsafe { Box::from_raw(data as *mut SyncSender<RustFuturePoll>) };
    let _ = sender.send(poll);
}

/// Waits for the future's result.
fn answer(future: Handle) -> i32 {
    loop {
        let (sender, receiver) = sync_channel(1);
        let data = Box::into_raw(Box::new(sender)) as u64;
        // SAFETY: the future is one of this library's, with this type of result, and not yet freed.
        unsafe { ffi_compare_uniffi_rust_future_poll_i32(future, again, data) };
        if let Ok(RustFuturePoll::Ready) = receiver.recv() {
            break;
        }
    }
    let mut status = RustCallStatus::default();
    // SAFETY: as above; it is ready, and freed once.
    unsafe {
        let result = ffi_compare_uniffi_rust_future_complete_i32(future, &mut status);
        ffi_compare_uniffi_rust_future_free_i32(future);
        result
    }
}

/// The sum.
#[unsafe(no_mangle)]
pub extern "C" fn peer_add(a: i32, b: i32) -> i32 {
    let mut status = RustCallStatus::default();
    // SAFETY: it takes any numbers.
    unsafe { uniffi_compare_uniffi_fn_func_add(a, b, &mut status) }
}

/// The sum, after a millisecond on the runtime's clock.
#[unsafe(no_mangle)]
pub extern "C" fn peer_sleep_and_add(a: i32, b: i32) -> i32 {
    // SAFETY: it takes any numbers.
    answer(unsafe { uniffi_compare_uniffi_fn_func_sleep_and_add(a, b) })
}

/// Calls this function on the runtime's thread: 0, or -1 if that is not possible.
#[unsafe(no_mangle)]
pub extern "C" fn peer_tell(back: extern "C" fn()) -> i32 {
    // SAFETY: the address is a function's.
    answer(unsafe { uniffi_compare_uniffi_fn_func_tell(back as usize as u64) })
}
