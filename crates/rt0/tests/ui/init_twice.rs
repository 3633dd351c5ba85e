#[rt0::init]
fn first() {}

#[rt0::init]
fn second() {}

fn main() {}
