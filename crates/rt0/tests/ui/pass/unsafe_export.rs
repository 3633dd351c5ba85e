//! By exporting an `unsafe fn`, the author says that hosts may call it.

#[rt0::init]
fn init() {}

/// # Safety
/// `at` points to a number.
#[rt0::export]
unsafe fn read(at: *const i32) -> Result<i32, String> {
    Ok(unsafe { *at })
}

/// # Safety
/// `at` points to a number.
#[rt0::export(or = -1)]
unsafe fn read_or(at: *const i32) -> i32 {
    unsafe { *at }
}

/// # Safety
/// The machine must have this instruction.
#[rt0::export]
#[cfg_attr(target_arch = "x86_64", target_feature(enable = "avx2"))]
unsafe fn featured<'a>(text: &'a str, mut other: &'a str) -> Result<&'a str, String> {
    if other.is_empty() {
        other = text;
    }
    Ok(other)
}

fn main() {}
