#[rt0::export]
fn words(text: &str) -> Result<Vec<String>, String> {
    Ok(text.split(' ').map(str::to_owned).collect())
}

fn main() {}
