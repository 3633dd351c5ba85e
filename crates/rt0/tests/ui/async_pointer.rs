#[rt0::export]
async fn look(at: *const u8) -> Result<(), String> {
    let _ = at;
    Ok(())
}

fn main() {}
