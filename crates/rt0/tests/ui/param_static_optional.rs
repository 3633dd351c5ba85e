use std::sync::Mutex;

static KEPT: Mutex<Option<&'static str>> = Mutex::new(None);

#[rt0::export]
fn keep(text: Option<&'static str>) -> Result<(), String> {
    *KEPT.lock().unwrap() = text;
    Ok(())
}

fn main() {}
