#[rt0::init(workers = 1, workers = 2)]
fn init() {}

fn main() {}
