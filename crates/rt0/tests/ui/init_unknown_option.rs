#[rt0::init(threads = 4)]
fn init() {}

fn main() {}
