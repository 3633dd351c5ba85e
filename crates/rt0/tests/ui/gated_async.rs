#[rt0::gated]
async fn fetch() -> Result<u64, rt0::Error> {
    Ok(7)
}

fn main() {}
