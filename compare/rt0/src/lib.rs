//! With rt0: the library boots when it is loaded.

use std::time::Duration;

#[rt0::init]
async fn init() {}

/// The sum.
#[rt0::export(or = -1)]
fn add(a: i32, b: i32) -> i32 {
    a.wrapping_add(b)
}

/// The sum, after a millisecond on the runtime's clock.
#[rt0::export(or = -1)]
fn sleep_and_add(a: i32, b: i32) -> i32 {
    rt0::block_on(async {
        tokio::time::sleep(Duration::from_millis(1)).await;
        a.wrapping_add(b)
    })
}

/// Calls this function on one of the runtime's threads: 0, or -1 if that is not possible.
#[rt0::export(or = -1)]
fn tell(back: extern "C" fn()) -> i32 {
    rt0::block_on(rt0::spawn(async move { back() })).map_or(-1, |()| 0)
}
