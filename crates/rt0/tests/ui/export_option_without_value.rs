#[rt0::export(or)]
fn size() -> i64 {
    7
}

fn main() {}
