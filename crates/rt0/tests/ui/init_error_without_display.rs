struct Engine;
struct Problem;

#[rt0::init]
fn init() -> Result<Engine, Problem> {
    Ok(Engine)
}

fn main() {}
