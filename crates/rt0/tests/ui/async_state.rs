struct App;

#[rt0::init(async_exports)]
fn init() -> App {
    App
}

#[rt0::export]
async fn fetch(app: rt0::State<'_, App>) -> Result<(), String> {
    let _ = app;
    Ok(())
}

fn main() {}
