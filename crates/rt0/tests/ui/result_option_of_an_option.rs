#[rt0::export]
fn first() -> Result<Option<Option<u32>>, String> {
    Ok(None)
}

fn main() {}
