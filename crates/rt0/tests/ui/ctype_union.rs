#[derive(Clone, Copy, rt0::CType)]
#[repr(C)]
union Value {
    number: u64,
    real: f64,
}

fn main() {}
