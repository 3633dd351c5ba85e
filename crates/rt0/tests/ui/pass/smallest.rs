//! The smallest possible library. Linked into a program, it does not start itself, but the program can start
//! it.
#![deny(warnings)]

#[rt0::init]
fn init() {}

fn main() {
    rt0::start().unwrap();
    rt0::ready(None).map(drop).unwrap();
}
