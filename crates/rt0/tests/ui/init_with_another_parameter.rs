#[rt0::init]
fn init(limit: u32) {
    let _ = limit;
}

fn main() {}
