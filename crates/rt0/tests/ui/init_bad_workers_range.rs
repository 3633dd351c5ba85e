#[rt0::init(workers = 99999999999999999999999)]
fn init() {}

fn main() {}
