#[derive(Clone, Copy, rt0::CType)]
#[repr(C)]
struct Hit(u64, f32);

fn main() {}
