#[rt0::init(retry_pause = 5)]
fn init() {}

fn main() {}
