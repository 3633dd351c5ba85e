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

/// An alias with a name that says nothing.
type Outcome<T> = Result<T, Problem>;

#[rt0::gated]
fn by_an_alias() -> Outcome<u32> {
    Ok(7)
}

#[rt0::gated]
fn of_something_hidden<'a>(text: &'a str) -> Result<impl Iterator<Item = char> + 'a, Problem> {
    Ok(text.chars())
}

mod other {
    /// An error of another crate, which has no place for a `From`.
    #[derive(Debug)]
    pub struct Foreign(pub String);
    pub type Result<T> = std::result::Result<T, Foreign>;
}

fn foreign(error: rt0::Error) -> other::Foreign {
    other::Foreign(error.to_string())
}

#[rt0::gated(error = foreign)]
fn with_its_own_error() -> other::Result<u32> {
    Ok(7)
}

#[rt0::gated(error = |error| other::Foreign(error.to_string()))]
fn with_its_own_closure() -> Outcome2 {
    Ok(7)
}
type Outcome2 = other::Result<u32>;

/// What releases a lock: as `Python` of PyO3 does.
#[derive(Clone, Copy)]
struct Lock;

impl Lock {
    fn detach<T: Send>(self, f: impl FnOnce() -> T + Send) -> T {
        f()
    }
}

#[rt0::gated(wait = |wait| lock.detach(wait))]
fn outside(lock: Lock) -> Result<u32, Problem> {
    let _ = lock;
    Ok(7)
}

fn released(wait: rt0::Wait<'_>) {
    Lock.detach(wait);
}

#[rt0::gated(wait = released, or = -1)]
extern "C" fn outside_by_a_path() -> i32 {
    7
}

fn main() {
    assert_eq!(reports().unwrap(), 7);
    assert_eq!(by_hand(1), 2);
    assert_eq!(with_code(1), 2);
    assert_eq!(uncancelled(1), 2);
    assert_eq!(certain(&1), 1);
    assert_eq!(by_an_alias().unwrap(), 7);
    assert_eq!(with_its_own_error().unwrap(), 7);
    assert_eq!(with_its_own_closure().unwrap(), 7);
    assert_eq!(of_something_hidden("ab").unwrap().count(), 2);
    assert_eq!(outside(Lock).unwrap(), 7);
    assert_eq!(outside_by_a_path(), 7);
}
