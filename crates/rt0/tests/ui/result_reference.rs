#[rt0::export]
fn bytes() -> Result<&'static [u8], String> {
    Ok(b"bytes")
}

#[rt0::export(or = &0)]
fn number() -> &'static u32 {
    &7
}

fn main() {}
