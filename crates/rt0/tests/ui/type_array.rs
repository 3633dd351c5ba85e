#[rt0::export]
fn key(key: [u8; 16]) -> Result<(), String> {
    let _ = key;
    Ok(())
}

fn main() {}
