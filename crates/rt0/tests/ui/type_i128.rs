#[rt0::export]
fn wide(number: u128) -> Result<(), String> {
    let _ = number;
    Ok(())
}

fn main() {}
