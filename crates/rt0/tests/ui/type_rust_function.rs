#[rt0::export]
fn each(call: fn(u32) -> u32) -> Result<u32, String> {
    Ok(call(1))
}

fn main() {}
