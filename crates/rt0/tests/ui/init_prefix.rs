#[rt0::init(prefix = "engine")]
fn init() {}

fn main() {}
