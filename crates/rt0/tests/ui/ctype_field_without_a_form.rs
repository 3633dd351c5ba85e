#[derive(Clone, Copy, rt0::CType)]
#[repr(C)]
struct Hit {
    id: u64,
    name: &'static str,
    letter: char,
}

fn main() {}
