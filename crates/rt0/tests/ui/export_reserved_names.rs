#[rt0::export(or = -1)]
fn wait(ms: i32) -> i32 {
    ms
}

#[rt0::export]
fn free() -> Result<(), String> {
    Ok(())
}

#[rt0::export(name = "last_error")]
fn problem() -> Result<String, String> {
    Ok(String::new())
}

#[rt0::export]
fn queue_take() -> Result<(), String> {
    Ok(())
}

#[rt0::export]
async fn op_wait() -> Result<(), String> {
    Ok(())
}

#[rt0::export]
fn events() -> Result<(), String> {
    Ok(())
}

fn main() {}
