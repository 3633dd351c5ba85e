#[rt0::export]
fn größe() -> Result<u64, String> {
    Ok(7)
}

#[rt0::export(name = "how-many")]
fn count() -> Result<u64, String> {
    Ok(7)
}

fn main() {}
