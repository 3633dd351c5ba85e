#[rt0::export]
async fn fetch() -> Result<u64, String> {
    Ok(7)
}

fn main() {}
