//! UniFFI with its option for tokio. The C functions call what UniFFI exports, as its bindings do.

mod bindings;

use std::time::Duration;

uniffi::setup_scaffolding!();

/// The sum.
#[uniffi::export]
pub fn add(a: i32, b: i32) -> i32 {
    a.wrapping_add(b)
}

/// The sum, after a millisecond on the runtime's clock.
#[uniffi::export(async_runtime = "tokio")]
pub async fn sleep_and_add(a: i32, b: i32) -> i32 {
    tokio::time::sleep(Duration::from_millis(1)).await;
    a.wrapping_add(b)
}

/// Calls the function at this address on the runtime's thread: 0, or -1 if that is not possible.
#[uniffi::export(async_runtime = "tokio")]
pub async fn tell(back: u64) -> i32 {
    let back = bindings::function(back);
    tokio::spawn(async move { back() }).await.map_or(-1, |()| 0)
}
