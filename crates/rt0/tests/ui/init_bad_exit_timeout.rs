#[rt0::init(exit_timeout = "61min")]
fn init() {}

fn main() {}
