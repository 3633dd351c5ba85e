struct Engine;

#[rt0::init]
fn init() -> Engine {
    Engine
}

#[rt0::main]
fn run(engine: rt0::State<'_, Engine>) {
    let _ = engine;
}

fn main() {}
