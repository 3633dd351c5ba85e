//! The author's errors: any type that can be printed, and one with its own numbers.
#![deny(warnings)]

use std::fmt;

#[derive(Debug)]
enum Problem {
    Missing,
    Locked,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl rt0::ErrorCode for Problem {
    fn code(&self) -> i32 {
        match self {
            Problem::Missing => 2,
            Problem::Locked => 3,
        }
    }
}

#[rt0::init]
fn init() -> Result<(), Problem> {
    Ok(())
}

#[rt0::export]
fn numbered() -> Result<(), Problem> {
    Err(Problem::Missing)
}

#[rt0::export]
fn printed() -> Result<(), std::io::Error> {
    Err(std::io::Error::other(Problem::Locked.to_string()))
}

fn main() {}
