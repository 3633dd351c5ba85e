#[rt0::export]
fn touch(at: u32) {
    let _ = at;
}

fn main() {}
