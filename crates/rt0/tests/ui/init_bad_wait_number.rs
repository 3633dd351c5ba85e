#[rt0::init(wait = 5)]
fn init() {}

fn main() {}
