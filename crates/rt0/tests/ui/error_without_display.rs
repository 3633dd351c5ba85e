struct Problem;

#[rt0::export]
fn size() -> Result<u64, Problem> {
    Err(Problem)
}

fn main() {}
