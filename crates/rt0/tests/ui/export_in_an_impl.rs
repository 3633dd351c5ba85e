pub struct Engine;

impl Engine {
    #[rt0::export]
    fn size() -> Result<u32, std::fmt::Error> {
        Ok(1)
    }
}

fn main() {}
