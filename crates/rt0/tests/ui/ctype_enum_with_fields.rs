#[derive(Clone, Copy, rt0::CType)]
#[repr(u8)]
enum Mode {
    Exact,
    Fuzzy(u8),
}

fn main() {}
