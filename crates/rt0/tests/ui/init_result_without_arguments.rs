type Result = std::result::Result<(), String>;

#[rt0::init]
fn init() -> Result {
    Ok(())
}

fn main() {}
