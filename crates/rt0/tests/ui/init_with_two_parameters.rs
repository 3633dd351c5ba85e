#[rt0::init]
fn init(args: rt0::Args, limit: u32) {
    let _ = (args, limit);
}

fn main() {}
