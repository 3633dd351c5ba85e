#[rt0::gated(uncancelled)]
async fn fetch() -> Result<u64, rt0::Error> {
    Ok(7)
}

fn main() {}
