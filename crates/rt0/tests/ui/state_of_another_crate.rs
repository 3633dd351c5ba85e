#[rt0::init]
fn init() -> Result<Vec<u32>, String> {
    Ok(Vec::new())
}

fn main() {}
