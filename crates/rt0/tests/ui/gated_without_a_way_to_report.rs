#[rt0::gated]
pub extern "C" fn engine_size() -> u64 {
    7
}

fn main() {}
