#[rt0::init]
unsafe fn init() {}

#[rt0::main]
unsafe fn run(stop: rt0::Stop) {
    stop.wait();
}

#[rt0::exit]
async unsafe fn leave() {}

fn main() {}
