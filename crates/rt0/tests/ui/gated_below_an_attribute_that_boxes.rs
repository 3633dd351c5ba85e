#[rt0_generators::boxes]
#[rt0::gated]
async fn size() -> Result<u64, rt0::Error> {
    Ok(7)
}

fn main() {}
