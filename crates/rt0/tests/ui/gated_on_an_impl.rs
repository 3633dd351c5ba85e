struct Engine;

#[rt0::gated]
impl Engine {
    fn size(&self) -> Result<u64, rt0::Error> {
        Ok(7)
    }
}

fn main() {}
