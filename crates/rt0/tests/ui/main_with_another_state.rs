struct Engine;
struct Other;

#[rt0::init]
fn init() -> Engine {
    Engine
}

#[rt0::main]
fn run(other: rt0::SharedState<Other>) {
    let _ = other;
}

fn main() {}
