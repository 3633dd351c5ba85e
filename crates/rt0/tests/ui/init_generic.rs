#[rt0::init]
fn init<T: Default>() -> Result<T, String> {
    Ok(T::default())
}

fn main() {}
