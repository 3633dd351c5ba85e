type Size = u64;

#[rt0::gated]
fn size() -> Size {
    7
}

fn main() {}
