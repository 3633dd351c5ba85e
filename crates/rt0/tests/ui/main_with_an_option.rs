#[rt0::main(workers = 4)]
fn run() {}

fn main() {}
