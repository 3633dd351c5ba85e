struct Engine;

#[rt0::init]
fn init() {}

#[rt0::export]
fn size(engine: rt0::State<'_, Engine>) -> Result<(), String> {
    let _ = engine;
    Ok(())
}

fn main() {}
