#[derive(Clone, Copy, rt0::CType)]
#[repr(C)]
struct List {
    next: *const List,
}

#[rt0::export]
async fn look(list: &List) -> Result<(), String> {
    let _ = list;
    Ok(())
}

fn main() {}
