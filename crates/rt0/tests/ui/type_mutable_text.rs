#[rt0::export]
fn upper(text: &mut str) -> Result<(), String> {
    text.make_ascii_uppercase();
    Ok(())
}

fn main() {}
