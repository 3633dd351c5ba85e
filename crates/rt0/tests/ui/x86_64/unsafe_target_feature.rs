#[rt0::init]
#[target_feature(enable = "avx512f")]
fn init() {}

#[rt0::main]
#[target_feature(enable = "avx512f")]
fn run() {}

#[rt0::exit]
#[target_feature(enable = "avx512f")]
fn leave() {}

#[rt0::export(or = -1)]
#[target_feature(enable = "avx512f")]
fn plain() -> i32 {
    1
}

#[rt0::export]
#[target_feature(enable = "avx512f")]
fn reporting() -> Result<i32, String> {
    Ok(1)
}

fn main() {}
