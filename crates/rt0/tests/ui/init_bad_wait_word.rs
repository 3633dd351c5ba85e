#[rt0::init(wait = "soon")]
fn init() {}

fn main() {}
