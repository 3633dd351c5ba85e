#[rt0::export(or = "none")]
fn size() -> i64 {
    7
}

fn main() {}
