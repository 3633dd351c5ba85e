#[rt0::gated(or = 0)]
const fn size() -> u32 {
    7
}

fn main() {}
