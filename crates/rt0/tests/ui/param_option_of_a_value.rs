#[rt0::export]
fn limit(limit: Option<u32>) -> Result<u32, String> {
    Ok(limit.unwrap_or(10))
}

fn main() {}
