#[rt0::init(wait = "0s")]
fn init() {}

fn main() {}
