#[rt0::handle]
struct Cursor {
    at: std::rc::Rc<u32>,
}

fn main() {}
