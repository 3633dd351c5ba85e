#[rt0::export]
fn show(what: impl std::fmt::Display) -> Result<String, String> {
    Ok(what.to_string())
}

fn main() {}
