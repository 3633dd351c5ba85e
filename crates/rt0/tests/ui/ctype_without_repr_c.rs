#[derive(Clone, Copy, rt0::CType)]
struct Hit {
    id: u64,
}

fn main() {}
