#[rt0::init(runtime = "none", on_thread_start = attach)]
fn init() {}

fn attach() {}

fn main() {}
