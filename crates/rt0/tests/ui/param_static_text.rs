use std::sync::Mutex;

static KEPT: Mutex<Option<&'static str>> = Mutex::new(None);

#[rt0::export]
fn keep(text: &'static str) -> Result<(), String> {
    *KEPT.lock().unwrap() = Some(text);
    Ok(())
}

fn main() {}
