use std::cell::Cell;
use std::rc::Rc;

struct Engine {
    calls: Cell<u32>,
    name: Rc<str>,
}

#[rt0::init]
fn init() -> Engine {
    Engine {
        calls: Cell::new(0),
        name: "engine".into(),
    }
}

fn main() {}
