#[derive(Clone, Copy, rt0::CType)]
#[repr(C)]
struct Hit {
    id: u64,
}

#[rt0::export]
async fn change(hit: &mut Hit) -> Result<(), String> {
    hit.id = 1;
    Ok(())
}

fn main() {}
