struct Engine;
struct Other;

#[rt0::init]
fn init() -> Result<Engine, String> {
    Ok(Engine)
}

#[rt0::export]
fn borrowed(other: rt0::State<'_, Other>) -> Result<(), String> {
    let _ = other;
    Ok(())
}

#[rt0::export]
fn shared(other: rt0::SharedState<Other>) -> Result<(), String> {
    let _ = other;
    Ok(())
}

fn main() {}
