//! The calls for ops and queues, each named like the C function without its prefix. `symbol` is the whole name.

use std::ffi::{c_char, c_void};

use super::{Op, Queue};

/// What a callback queue calls.
pub type Done = unsafe extern "C" fn(user: *mut c_void, tag: u64);

pub unsafe fn op_wait(_symbol: &'static str, _op: *mut Op, _timeout_ms: i32) -> i32 {
    todo!()
}
pub unsafe fn op_cancel(_symbol: &'static str, _op: *mut Op) -> i32 {
    todo!()
}
pub unsafe fn op_free(_symbol: &'static str, _op: *mut Op) -> i32 {
    todo!()
}
pub unsafe fn queue_new(
    _symbol: &'static str,
    _limit: u32,
    _queue: *mut *mut Queue,
    _err: *mut *mut c_char,
) -> i32 {
    todo!()
}
pub unsafe fn queue_call(
    _symbol: &'static str,
    _limit: u32,
    _done: Option<Done>,
    _user: *mut c_void,
    _queue: *mut *mut Queue,
    _err: *mut *mut c_char,
) -> i32 {
    todo!()
}
pub unsafe fn queue_free(_symbol: &'static str, _queue: *mut Queue) -> i32 {
    todo!()
}
pub unsafe fn queue_take(
    _symbol: &'static str,
    _queue: *mut Queue,
    _tags: *mut u64,
    _room: usize,
    _count: *mut usize,
    _timeout_ms: i32,
) -> i32 {
    todo!()
}
pub unsafe fn queue_fd(
    _symbol: &'static str,
    _queue: *mut Queue,
    _fd: *mut isize,
    _err: *mut *mut c_char,
) -> i32 {
    todo!()
}
