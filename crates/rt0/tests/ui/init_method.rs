struct Engine;

impl Engine {
    #[rt0::init]
    fn init(self) {}
}

fn main() {}
