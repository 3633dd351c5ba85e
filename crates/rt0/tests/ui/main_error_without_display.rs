struct Problem;

#[rt0::main]
fn run() -> Result<(), Problem> {
    Ok(())
}

fn main() {}
