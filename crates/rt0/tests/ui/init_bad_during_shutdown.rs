#[rt0::init(during_shutdown = "boot")]
fn init() {}

fn main() {}
