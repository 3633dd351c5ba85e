#[rt0::init(thread_name = 7)]
fn init() {}

fn main() {}
