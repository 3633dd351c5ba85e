//! Names that are keywords in Rust but not in C. They need no other name in C.
#![deny(warnings)]
#![allow(non_camel_case_types)]

#[derive(Clone, Copy, rt0::CType)]
#[repr(C)]
struct Record {
    r#type: u32,
    r#match: r#impl,
}

#[derive(Clone, Copy, rt0::CType)]
#[repr(i32)]
enum r#impl {
    r#fn = 1,
    Other = 2,
}

#[rt0::handle]
struct r#dyn {
    at: u32,
}

#[rt0::init]
fn init() {}

#[rt0::export]
fn r#use(r#in: Record, r#mut: r#impl, r#where: &r#dyn) -> Result<Box<r#dyn>, String> {
    let at = r#in.r#type + r#in.r#match as u32 + r#mut as u32 + r#where.at;
    Ok(Box::new(r#dyn { at }))
}

fn main() {}
