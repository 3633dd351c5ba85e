#![allow(repr_c_enums_larger_than_int)]

#[derive(Clone, Copy, rt0::CType)]
#[repr(C)]
enum Big {
    Small = 1,
    Large = 0x1_0000_0000,
}

fn main() {}
