#[rt0::export]
async fn each(call: extern "C" fn(u32)) -> Result<(), String> {
    call(1);
    Ok(())
}

#[rt0::export]
async fn each_if_any(call: Option<extern "C" fn(u32)>) -> Result<(), String> {
    let _ = call;
    Ok(())
}

fn main() {}
