//! A struct is one error: there is nothing to tell apart.

#[derive(rt0::ErrorCode)]
struct Failed {
    #[code(2)]
    why: String,
}

fn main() {}
