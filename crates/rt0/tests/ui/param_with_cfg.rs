#[rt0::export]
fn sum(a: u32, #[cfg(unix)] b: u32) -> Result<u32, String> {
    Ok(a + b)
}

fn main() {}
