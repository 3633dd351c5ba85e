#[rt0::gated(wait = |wait: u32| drop(wait))]
fn size() -> Result<u64, rt0::Error> {
    Ok(7)
}

fn main() {}
