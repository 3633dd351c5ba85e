#[rt0::init(start = "later")]
fn init() {}

fn main() {}
