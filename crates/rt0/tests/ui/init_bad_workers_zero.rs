#[rt0::init(workers = 0)]
fn init() {}

fn main() {}
