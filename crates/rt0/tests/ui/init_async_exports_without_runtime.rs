#[rt0::init(async_exports, runtime = "none")]
fn init() {}

fn main() {}
