#[rt0::export]
struct Engine;

fn main() {}
