//! The library with rt0. `../by_hand` has the same exports without rt0.

use std::sync::atomic::{AtomicU64, Ordering};

struct Engine {
    number: AtomicU64,
}

impl Engine {
    fn new() -> Engine {
        Engine {
            number: AtomicU64::new(7),
        }
    }
}

#[cfg(feature = "tokio")]
#[rt0::init]
async fn init() -> Engine {
    Engine::new()
}

#[cfg(not(feature = "tokio"))]
#[rt0::init]
fn init() -> Engine {
    Engine::new()
}

/// Needs nothing but the gate.
#[rt0::export(or = -1)]
fn add(a: i32, b: i32) -> i32 {
    a.wrapping_add(b)
}

/// Uses the state.
#[rt0::export(or = 0)]
fn number(engine: rt0::State<'_, Engine>) -> u64 {
    engine.number.load(Ordering::Relaxed)
}

/// Takes a text, and can report errors.
#[rt0::export]
fn length(word: &str) -> Result<u64, String> {
    Ok(word.len() as u64)
}
