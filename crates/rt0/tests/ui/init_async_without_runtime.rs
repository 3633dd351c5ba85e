#[rt0::init(runtime = "none")]
async fn init() {}

fn main() {}
