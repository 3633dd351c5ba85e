//! Parameters with a named lifetime, and an error that borrows from them.
#![deny(warnings)]

use std::fmt;

struct Bad<'a>(&'a str);

impl fmt::Display for Bad<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no number", self.0)
    }
}

#[rt0::init]
fn init() {}

#[rt0::export]
fn number<'a>(text: &'a str) -> Result<u32, Bad<'a>> {
    text.parse().map_err(|_| Bad(text))
}

#[rt0::export]
fn first<'a>(bytes: &'a [u8], text: Option<&'a str>) -> Result<u8, Bad<'a>> {
    bytes.first().copied().ok_or(Bad(text.unwrap_or_default()))
}

fn main() {}
