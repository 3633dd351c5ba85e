#[rt0::init]
struct Engine;

fn main() {}
