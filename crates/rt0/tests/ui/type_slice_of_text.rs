#[rt0::export]
fn join(parts: &[&str]) -> Result<String, String> {
    Ok(parts.join(" "))
}

fn main() {}
