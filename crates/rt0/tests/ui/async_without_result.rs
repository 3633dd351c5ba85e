#[rt0::export]
async fn size() -> u64 {
    7
}

#[rt0::export(or = 0)]
async fn other() -> u64 {
    7
}

#[rt0::export(or = 0)]
async fn both() -> Result<u64, String> {
    Ok(7)
}

fn main() {}
