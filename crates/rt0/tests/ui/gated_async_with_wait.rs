#[rt0::gated(wait = |wait| wait())]
async fn fetch() -> Result<u64, rt0::Error> {
    Ok(7)
}

fn main() {}
