#[rt0::handle]
struct Cursor {
    at: std::cell::Cell<u32>,
}

fn main() {}
