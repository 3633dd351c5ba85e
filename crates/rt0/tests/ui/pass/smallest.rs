//! The least that is a library. Linked into a program, it does not start itself; it can be told to.
#![deny(warnings)]

#[rt0::init]
fn init() {}

fn main() {
    rt0::start().unwrap();
    rt0::ready(None).map(drop).unwrap();
}
