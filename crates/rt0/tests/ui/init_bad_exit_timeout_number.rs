#[rt0::init(exit_timeout = "soon")]
fn init() {}

fn main() {}
