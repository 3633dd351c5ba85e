#[rt0::init(workers = "4")]
fn init() {}

fn main() {}
