#[rt0::handle]
struct Cursor;

#[rt0::export]
fn close(cursor: Cursor) -> Result<(), String> {
    drop(cursor);
    Ok(())
}

fn main() {}
