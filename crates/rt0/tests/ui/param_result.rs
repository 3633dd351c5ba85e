#[rt0::export]
fn note(outcome: Result<u32, u32>) -> Result<u32, String> {
    outcome.map_err(|number| number.to_string())
}

fn main() {}
