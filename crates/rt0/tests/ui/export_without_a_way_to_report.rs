#[rt0::export]
fn size() -> u64 {
    7
}

fn main() {}
