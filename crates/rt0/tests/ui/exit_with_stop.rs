#[rt0::exit]
fn leave(stop: rt0::Stop) {
    let _ = stop;
}

fn main() {}
