use std::rc::Rc;

#[rt0::export]
async fn count() -> Result<u64, String> {
    let count = Rc::new(7);
    std::future::ready(()).await;
    Ok(*count)
}

fn main() {}
