#[derive(Clone, Copy)]
#[repr(C)]
struct Hit {
    id: u64,
}

#[rt0::export]
fn by_value(hit: Hit) -> Result<u64, String> {
    Ok(hit.id)
}

#[rt0::export]
fn by_reference(hit: &Hit) -> Result<u64, String> {
    Ok(hit.id)
}

#[rt0::export]
fn in_a_slice(hits: &[Hit]) -> Result<u64, String> {
    Ok(hits.len() as u64)
}

#[rt0::export]
fn as_a_result() -> Result<Hit, String> {
    Ok(Hit { id: 7 })
}

#[rt0::export]
fn in_a_box() -> Result<Box<Hit>, String> {
    Ok(Box::new(Hit { id: 7 }))
}

#[rt0::export(or = Hit { id: 0 })]
fn as_a_plain_result() -> Hit {
    Hit { id: 7 }
}

fn main() {}
