type Result = std::result::Result<u32, String>;

#[rt0::export]
fn size() -> Result {
    Ok(7)
}

fn main() {}
