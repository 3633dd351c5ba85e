#[rt0::init(on_thread_start = attach)]
fn init() {}

fn attach(_: u32) {}

fn main() {}
