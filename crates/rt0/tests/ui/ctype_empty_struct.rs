#[derive(Clone, Copy, rt0::CType)]
#[repr(C)]
struct Hit {}

fn main() {}
