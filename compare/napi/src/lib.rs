//! An addon for node with napi-rs. The C functions do the same without node, on the addon's own runtime.

use std::time::Duration;

use napi::bindgen_prelude::{block_on, spawn};
use napi_derive::napi;

async fn slept(a: i32, b: i32) -> i32 {
    tokio::time::sleep(Duration::from_millis(1)).await;
    a.wrapping_add(b)
}

/// The sum.
#[napi]
pub fn add(a: i32, b: i32) -> i32 {
    a.wrapping_add(b)
}

/// The sum, after a millisecond on the runtime's clock.
#[napi]
pub async fn sleep_and_add(a: i32, b: i32) -> i32 {
    slept(a, b).await
}

/// The sum.
#[unsafe(no_mangle)]
pub extern "C" fn peer_add(a: i32, b: i32) -> i32 {
    a.wrapping_add(b)
}

/// The sum, after a millisecond on the runtime's clock.
#[unsafe(no_mangle)]
pub extern "C" fn peer_sleep_and_add(a: i32, b: i32) -> i32 {
    block_on(slept(a, b))
}

/// Calls this function on one of the runtime's threads: 0, or -1 if that is not possible.
#[unsafe(no_mangle)]
pub extern "C" fn peer_tell(back: extern "C" fn()) -> i32 {
    block_on(spawn(async move { back() })).map_or(-1, |()| 0)
}
