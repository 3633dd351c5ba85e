#[rt0::export]
fn first() -> Result<Result<u32, u32>, String> {
    Ok(Ok(1))
}

fn main() {}
