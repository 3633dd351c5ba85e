#[rt0::export]
fn limit(text: Option<Option<&str>>) -> Result<u32, String> {
    Ok(u32::from(text.is_some()))
}

fn main() {}
