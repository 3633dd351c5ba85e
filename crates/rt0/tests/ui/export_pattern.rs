#[rt0::export]
fn sum((a, b): (u32, u32)) -> Result<u32, String> {
    Ok(a + b)
}

fn main() {}
