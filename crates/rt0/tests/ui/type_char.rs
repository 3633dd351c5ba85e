#[rt0::export]
fn letter(letter: char) -> Result<(), String> {
    let _ = letter;
    Ok(())
}

fn main() {}
