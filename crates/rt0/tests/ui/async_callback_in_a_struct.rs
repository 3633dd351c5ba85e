#[derive(Clone, Copy, rt0::CType)]
#[repr(C)]
struct Calls {
    each: Option<extern "C" fn(u32)>,
}

type Each = extern "C" fn(u32);

#[rt0::export]
async fn each(calls: Calls) -> Result<(), String> {
    let _ = calls;
    Ok(())
}

#[rt0::export]
async fn each_of(calls: &[Calls]) -> Result<(), String> {
    let _ = calls;
    Ok(())
}

#[rt0::export]
async fn by_alias(call: Each) -> Result<(), String> {
    call(1);
    Ok(())
}

fn main() {}
