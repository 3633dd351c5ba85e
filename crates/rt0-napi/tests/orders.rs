//! `#[rt0::gated]` above and below `#[napi]`, on functions and methods, sync and async: all of it compiles, and each
//! waits for the boot.
#![allow(missing_docs)]

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use napi_derive::napi;
use rt0_napi::Result;

static READY: AtomicBool = AtomicBool::new(false);

#[rt0::init(start = "lazy")]
fn init() {
    std::thread::sleep(Duration::from_millis(50));
    READY.store(true, Ordering::Relaxed);
}

fn seven() -> Result<u32> {
    assert!(READY.load(Ordering::Relaxed));
    Ok(7)
}

#[napi]
#[rt0::gated]
pub fn below(number: u32) -> Result<u32> {
    Ok(number + seven()?)
}

#[rt0::gated]
#[napi]
pub fn above(number: u32) -> Result<u32> {
    Ok(number + seven()?)
}

#[napi]
#[rt0::gated]
pub async fn async_below(number: u32) -> Result<u32> {
    Ok(number + seven()?)
}

#[rt0::gated]
#[napi]
pub async fn async_above(number: u32) -> Result<u32> {
    Ok(number + seven()?)
}

#[napi]
#[rt0::gated(error = rt0_napi::to_napi)]
pub fn with_napis_error(number: u32) -> napi::Result<u32> {
    Ok(number + seven()?)
}

#[napi]
pub struct Counter {
    from: u32,
}

#[napi]
impl Counter {
    #[napi(constructor)]
    #[rt0::gated]
    pub fn new(from: u32) -> Result<Counter> {
        seven()?;
        Ok(Counter { from })
    }

    #[napi(factory)]
    #[rt0::gated]
    pub fn with_seven() -> Result<Counter> {
        Ok(Counter { from: seven()? })
    }

    #[napi(getter)]
    #[rt0::gated]
    pub fn from(&self) -> Result<u32> {
        seven()?;
        Ok(self.from)
    }

    #[napi(setter)]
    #[rt0::gated]
    pub fn set_from(&mut self, from: u32) -> Result<()> {
        seven()?;
        self.from = from;
        Ok(())
    }

    #[napi]
    #[rt0::gated]
    pub fn add(&self, number: u32) -> Result<u32> {
        Ok(self.from + number + seven()?)
    }

    #[napi]
    #[rt0::gated]
    pub async fn add_later(&self, number: u32) -> Result<u32> {
        Ok(self.from + number + seven()?)
    }

    #[rt0::gated]
    #[napi]
    pub fn add_above(&self, number: u32) -> Result<u32> {
        Ok(self.from + number + seven()?)
    }
}

/// The first call boots.
#[test]
fn each_waits_for_the_boot() {
    assert_eq!(rt0::block_on(async_below(1)).unwrap(), 8);
    assert_eq!(rt0::block_on(async_above(2)).unwrap(), 9);
    assert_eq!(below(3).unwrap(), 10);
    assert_eq!(above(4).unwrap(), 11);
    assert_eq!(with_napis_error(5).unwrap(), 12);
    let mut counter = Counter::new(1).unwrap();
    counter.set_from(counter.from().unwrap() + 1).unwrap();
    assert_eq!(counter.add(1).unwrap(), 10);
    assert_eq!(counter.add_above(2).unwrap(), 11);
    assert_eq!(rt0::block_on(counter.add_later(3)).unwrap(), 12);
    assert_eq!(Counter::with_seven().unwrap().from().unwrap(), 7);
}
