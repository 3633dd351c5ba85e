#[rt0::export]
async fn fill(into: &mut [u8]) -> Result<(), String> {
    into.fill(1);
    Ok(())
}

#[rt0::export]
async fn fill_if_any(into: Option<&mut [u8]>) -> Result<(), String> {
    let _ = into;
    Ok(())
}

fn main() {}
