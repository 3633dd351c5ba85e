#[rt0::export(or = -1, or = -2)]
fn size() -> i64 {
    7
}

fn main() {}
