#[rt0::export]
fn pair() -> Result<(u32, u32), String> {
    Ok((1, 2))
}

fn main() {}
