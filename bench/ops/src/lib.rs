//! Async exports with rt0. `../spawned` has the same by hand.

#[path = "../../held.rs"]
mod held;

use std::convert::Infallible;

use held::{HELD, Held};

#[rt0::init(async_exports)]
async fn init() {}

/// Is ready at once.
#[rt0::export]
async fn sum(a: i32, b: i32) -> Result<i32, Infallible> {
    Ok(a.wrapping_add(b))
}

/// Is never ready.
#[rt0::export]
async fn hold(number: u64) -> Result<u64, Infallible> {
    Held::new(number).await
}

/// How many calls of [`hold`] have begun.
#[rt0::export(or = 0)]
fn held() -> u64 {
    HELD.load(std::sync::atomic::Ordering::Relaxed)
}
