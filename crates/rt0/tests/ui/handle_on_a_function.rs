#[rt0::handle]
fn cursor() {}

fn main() {}
