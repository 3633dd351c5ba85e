#[rt0::init(retry = "always")]
fn init() {}

fn main() {}
