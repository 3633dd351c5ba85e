#[rt0::init(retry_pause = "1441min")]
fn init() {}

fn main() {}
