#[rt0::init(collector_signals = "all")]
fn init() {}

fn main() {}
