#[rt0::gated(default = 0)]
fn size() -> u64 {
    7
}

fn main() {}
