static mut COUNT: i32 = 0;

unsafe fn trusted() -> i32 {
    7
}

#[rt0::init]
fn init() {}

#[rt0::export(or = *core::ptr::without_provenance::<i32>(16))]
fn pointer() -> i32 {
    1
}

#[rt0::export(or = COUNT)]
fn counter() -> i32 {
    1
}

#[rt0::export(or = trusted())]
fn function() -> i32 {
    1
}

#[rt0::gated(or = COUNT)]
fn gated() -> i32 {
    1
}

#[rt0::gated(or_else = |_error| trusted())]
fn made() -> i32 {
    1
}

fn main() {}
