#[derive(rt0::CType)]
#[repr(C)]
struct Hit {
    id: u64,
}

fn main() {}
