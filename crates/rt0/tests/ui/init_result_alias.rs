use std::sync::Arc;

type Result<T> = std::result::Result<Arc<T>, String>;

struct Engine;

#[rt0::init]
fn init() -> Result<Engine> {
    Ok(Arc::new(Engine))
}

fn main() {}
