//! Async exports, with every type that they can take and return.
#![deny(warnings)]
#![forbid(unsafe_code)]

use std::time::Duration;

struct App(u64);

#[derive(Clone, Copy, rt0::CType)]
#[repr(C)]
struct Hit {
    id: u64,
    good: bool,
    mode: Mode,
}

#[derive(Clone, Copy, rt0::CType)]
#[repr(u8)]
enum Mode {
    Exact = 1,
    Fuzzy,
}

#[rt0::handle]
struct Cursor {
    at: u32,
}

#[rt0::init(async_exports)]
fn init() -> App {
    App(1)
}

/// Nothing in, nothing out.
#[rt0::export]
async fn nothing() -> Result<(), String> {
    Ok(())
}

#[rt0::export(timeout = "5s", name = "other")]
async fn numbers(a: i8, b: u64, c: f64, d: bool, e: Mode) -> Result<u64, String> {
    tokio_like().await;
    let _ = (a, c, d, e);
    Ok(b)
}

#[rt0::export]
async fn texts(
    app: rt0::SharedState<App>,
    a: &str,
    b: String,
    c: Option<&str>,
    d: Option<String>,
    cancel: rt0::Cancel,
) -> Result<String, String> {
    let mut text = format!("{a}{b}{c:?}{d:?}{}", app.0);
    if cancel.is_cancelled() {
        cancel.cancelled().await;
    }
    text.push_str(a);
    Ok(text)
}

#[rt0::export]
async fn slices(a: &[u8], b: Vec<u64>, c: Option<&[Hit]>) -> Result<Vec<u8>, String> {
    tokio_like().await;
    let _ = (b, c);
    Ok(a.to_vec())
}

#[rt0::export]
async fn structs(a: Hit, b: &Hit, c: Option<&Hit>) -> Result<Hit, String> {
    tokio_like().await;
    let _ = (b, c);
    Ok(a)
}

#[rt0::export]
async fn open(at: u32) -> Result<Box<Cursor>, String> {
    Ok(Box::new(Cursor { at }))
}

#[rt0::export]
async fn maybe(at: Option<&Cursor>) -> Result<Option<Box<Cursor>>, String> {
    Ok(at.map(|at| Box::new(Cursor { at: at.at })))
}

#[rt0::export]
async fn step<'a>(
    one: &'a Cursor,
    cursor: &mut Cursor,
    other: Option<&mut Cursor>,
) -> Result<Option<u32>, std::fmt::Error> {
    tokio_like().await;
    cursor.at += 1;
    if let Some(other) = other {
        other.at += one.at;
    }
    Ok(Some(cursor.at))
}

#[rt0::export]
async fn close(cursor: Box<Cursor>, other: Option<Box<Cursor>>) -> Result<Option<f32>, String> {
    Ok(other.map(|other| (cursor.at + other.at) as f32))
}

#[rt0::export]
async fn fixed() -> Result<&'static str, String> {
    Ok("fixed")
}

mod inside {
    #[rt0::export(name = "inside")]
    pub async fn nothing() -> Result<(), String> {
        Ok(())
    }
}

async fn tokio_like() {
    std::future::ready(Duration::ZERO).await;
}

fn main() {
    drop(nothing());
    drop(inside::nothing());
}
