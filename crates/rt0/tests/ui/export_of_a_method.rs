struct Engine;

impl Engine {
    #[rt0::export]
    fn size(&self) -> Result<u64, String> {
        Ok(7)
    }
}

fn main() {}
