#[derive(Clone, Copy, rt0::CType)]
#[repr(u8)]
enum Mode {}

fn main() {}
