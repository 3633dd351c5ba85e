use std::collections::HashMap;

#[rt0::export]
fn index(words: HashMap<u32, u32>) -> Result<(), String> {
    drop(words);
    Ok(())
}

fn main() {}
