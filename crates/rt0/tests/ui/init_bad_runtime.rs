#[rt0::init(runtime = "smol")]
fn init() {}

fn main() {}
