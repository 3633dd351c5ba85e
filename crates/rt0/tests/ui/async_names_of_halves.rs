#[rt0::init(async_exports)]
fn init() {}

#[rt0::export]
async fn fetch() -> Result<(), String> {
    Ok(())
}

#[rt0::export]
fn fetch_begin() -> Result<(), String> {
    Ok(())
}

fn main() {}
