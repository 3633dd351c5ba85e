#[rt0::init(retry = "on-call", retry_pause = "none")]
fn init() {}

fn main() {}
