//! Zero means success, and negative numbers are rt0's.

#[derive(rt0::ErrorCode)]
enum Failed {
    #[code(0)]
    Nothing,
}

#[derive(rt0::ErrorCode)]
enum Worse {
    #[code(2)]
    #[code(3)]
    Twice,
}

#[derive(rt0::ErrorCode)]
enum Worst {
    #[code("two")]
    Text,
}

fn main() {}
