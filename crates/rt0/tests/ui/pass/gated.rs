//! The gate alone, before every kind of function.
#![deny(warnings)]

#[rt0::init]
fn init() {}

#[derive(Debug)]
struct Problem;

impl From<rt0::Error> for Problem {
    fn from(_: rt0::Error) -> Problem {
        Problem
    }
}

#[rt0::gated]
fn reports() -> Result<u32, Problem> {
    Ok(7)
}

#[rt0::gated(or = -1)]
extern "C" fn by_hand(number: i32) -> i32 {
    number + 1
}

#[rt0::gated(or_else = |error| error.status().code())]
extern "C" fn with_code(number: i32) -> i32 {
    number + 1
}

#[rt0::gated(or = abort)]
fn certain<T: Clone>(value: &T) -> T {
    value.clone()
}

#[rt0::gated(or = 0, uncancelled)]
extern "C" fn uncancelled(number: i32) -> i32 {
    number + 1
}

fn main() {
    assert_eq!(reports().unwrap(), 7);
    assert_eq!(by_hand(1), 2);
    assert_eq!(with_code(1), 2);
    assert_eq!(uncancelled(1), 2);
    assert_eq!(certain(&1), 1);
}
