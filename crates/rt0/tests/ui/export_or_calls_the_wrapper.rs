#[rt0::init]
fn init() {}

#[rt0::export(or = __rt0_export(core::ptr::without_provenance(16), 1))]
fn first(numbers: &[i32]) -> i32 {
    numbers[0]
}

fn main() {}
