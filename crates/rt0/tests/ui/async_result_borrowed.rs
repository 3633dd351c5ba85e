#[rt0::export]
async fn same(text: &str) -> Result<&str, String> {
    Ok(text)
}

fn main() {}
