//! Every type that an export can take or return.
#![deny(warnings)]

use std::ffi::{c_char, c_void};

#[derive(Clone, Copy, rt0::CType)]
#[repr(C)]
struct Hit {
    id: u64,
    good: bool,
    mode: Mode,
    next: *const Hit,
    call: Option<extern "C" fn(u32, *mut c_void) -> i32>,
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

#[rt0::init]
fn init() {}

#[rt0::export(or = 0)]
fn numbers(a: i8, b: i16, c: i32, d: i64, e: isize, f: u8, g: u16, h: u32, i: u64, j: usize) -> u8 {
    let _ = (a, b, c, d, e, f, g, h, i, j);
    1
}

#[rt0::export(or = f64::NAN)]
fn reals(a: f32, b: f64, swap: bool) -> f64 {
    if swap { b - f64::from(a) } else { f64::from(a) - b }
}

#[rt0::export]
fn texts(a: &str, b: String, c: Option<&str>, d: Option<String>) -> Result<String, String> {
    Ok(format!("{a}{b}{c:?}{d:?}"))
}

#[rt0::export]
fn slices(a: &[u8], b: &mut [f32], c: Vec<u64>, d: Option<&[Hit]>) -> Result<Vec<u8>, String> {
    let _ = (b, c, d);
    Ok(a.to_vec())
}

#[rt0::export]
fn structs(a: Hit, b: &Hit, c: &mut Hit, d: Option<&Hit>, e: Mode) -> Result<Hit, String> {
    c.id = a.id + b.id + d.map_or(0, |hit| hit.id);
    c.mode = e;
    Ok(*c)
}

#[rt0::export(or = Mode::Exact)]
fn plain_enum(mode: Mode) -> Mode {
    mode
}

#[rt0::export]
fn handle_out(at: u32) -> Result<Box<Cursor>, String> {
    Ok(Box::new(Cursor { at }))
}

#[rt0::export]
fn handles(a: &Cursor, b: Option<&Cursor>, c: &mut Cursor) -> Result<Option<Box<Cursor>>, String> {
    c.at += a.at + b.map_or(0, |cursor| cursor.at);
    Ok(None)
}

#[rt0::export]
fn handle_back(cursor: Box<Cursor>, other: Option<Box<Cursor>>) -> Result<u32, String> {
    Ok(cursor.at + other.map_or(0, |cursor| cursor.at))
}

#[rt0::export]
fn pointers(a: *const c_char, b: *mut c_void, c: *const *const Hit) -> Result<*const u8, String> {
    let _ = (b, c);
    Ok(a.cast())
}

#[rt0::export]
fn calls(
    each: extern "C" fn(*const c_char, usize, *mut c_void) -> i32,
    done: Option<unsafe extern "C" fn(*mut c_void)>,
    user: *mut c_void,
) -> Result<Option<extern "C" fn()>, String> {
    let _ = (each, done, user);
    Ok(None)
}

#[rt0::export]
fn maybe(number: u32) -> Result<Option<u32>, String> {
    Ok(Some(number))
}

#[rt0::export(or = ())]
fn nothing() {}

#[rt0::export(or = abort)]
fn certain() -> u32 {
    7
}

#[rt0::export(name = "other", enter)]
fn free() -> Result<(), String> {
    tokio_is_there()
}

fn tokio_is_there() -> Result<(), String> {
    Ok(())
}

fn main() {}
