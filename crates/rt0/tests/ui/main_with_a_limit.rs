#[rt0::main]
fn run(limit: u32) {
    let _ = limit;
}

fn main() {}
