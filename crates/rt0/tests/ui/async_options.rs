#[rt0::export(enter)]
async fn one() -> Result<(), String> {
    Ok(())
}

#[rt0::export(uncancelled = false)]
async fn two() -> Result<(), String> {
    Ok(())
}

#[rt0::export(timeout = "soon")]
async fn three() -> Result<(), String> {
    Ok(())
}

#[rt0::export(timeout = "0s")]
async fn four() -> Result<(), String> {
    Ok(())
}

#[rt0::export(timeout = "5s")]
fn five() -> Result<(), String> {
    Ok(())
}

fn main() {}
