#[rt0::export(or = String::new())]
fn name() -> String {
    String::new()
}

fn main() {}
