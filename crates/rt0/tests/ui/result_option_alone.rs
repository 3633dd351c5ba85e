#[rt0::export(or = None)]
fn first() -> Option<u32> {
    None
}

fn main() {}
