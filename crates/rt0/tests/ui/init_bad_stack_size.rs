#[rt0::init(stack_size = 100)]
fn init() {}

fn main() {}
