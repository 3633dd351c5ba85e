#[derive(Clone, Copy, rt0::CType)]
#[repr(u8)]
enum Mode {
    Exact = 1,
    Fuzzy = 4,
}

#[rt0::export]
fn ask(call: extern "C" fn() -> Mode) -> Result<u32, String> {
    Ok(call() as u32)
}

fn main() {}
