#[rt0::main]
fn first() {}

#[rt0::main]
fn second() {}

fn main() {}
