#[rt0::handle]
struct Cursor<T> {
    at: T,
}

fn main() {}
