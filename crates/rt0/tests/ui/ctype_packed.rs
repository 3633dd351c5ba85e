#[derive(Clone, Copy, rt0::CType)]
#[repr(C, packed)]
struct Hit {
    id: u64,
}

fn main() {}
