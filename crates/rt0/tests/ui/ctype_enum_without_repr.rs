#[derive(Clone, Copy, rt0::CType)]
enum Mode {
    Exact,
    Fuzzy,
}

fn main() {}
