#[rt0::handle(name = "Other")]
struct Cursor;

fn main() {}
