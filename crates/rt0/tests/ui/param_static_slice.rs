use std::sync::Mutex;

static KEPT: Mutex<Option<&'static [u8]>> = Mutex::new(None);

#[rt0::export]
fn keep(bytes: &'static [u8]) -> Result<(), String> {
    *KEPT.lock().unwrap() = Some(bytes);
    Ok(())
}

#[rt0::export]
fn keep_in_place(numbers: &'static mut [u32]) -> Result<(), String> {
    numbers[0] = 1;
    Ok(())
}

fn main() {}
