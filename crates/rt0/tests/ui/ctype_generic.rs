#[derive(Clone, Copy, rt0::CType)]
#[repr(C)]
struct Hit<T> {
    id: T,
}

fn main() {}
