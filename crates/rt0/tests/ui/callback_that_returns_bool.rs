#[rt0::export]
fn ask(call: Option<extern "C" fn(u32) -> bool>) -> Result<u32, String> {
    Ok(call.map_or(0, |call| u32::from(call(1))))
}

fn main() {}
