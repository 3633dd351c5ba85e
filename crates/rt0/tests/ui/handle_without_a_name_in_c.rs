#[rt0::handle]
pub struct Größe;

fn main() {}
