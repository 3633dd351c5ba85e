#[rt0::export(timeout = 5)]
fn size() -> Result<u64, String> {
    Ok(7)
}

fn main() {}
