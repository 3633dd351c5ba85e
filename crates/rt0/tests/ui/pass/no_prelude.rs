//! The macros need no prelude, and their code means the same even next to traits whose methods apply to every
//! type.
#![no_implicit_prelude]
#![allow(dead_code)]

use ::core::option::Option;
use ::core::result::Result;
use ::std::boxed::Box;
use ::std::string::String;
use ::std::vec::Vec;

pub trait Blanket {
    fn to_owned(&self) -> i32 {
        1
    }
    fn to_vec(&self) -> i32 {
        2
    }
    fn into(&self) -> i32 {
        3
    }
}

impl<T: ?::core::marker::Sized> Blanket for T {}

pub struct State;

#[::rt0::init]
fn init() -> Result<State, String> {
    Result::Ok(State)
}

#[::rt0::export]
fn text(own: String, _borrowed: &str, _bytes: Vec<u8>, _maybe: Option<String>) -> Result<String, String> {
    Result::Ok(own)
}

#[::rt0::export]
fn maybe(bytes: Option<Vec<u8>>) -> Result<Option<Vec<u8>>, String> {
    Result::Ok(bytes)
}

#[::rt0::export(or = -2)]
fn plain(number: i32) -> i32 {
    number
}

#[::rt0::export(or = ())]
fn unit(_state: ::rt0::State<'_, State>) {}

#[::rt0::handle]
pub struct Handle;

#[::rt0::export]
fn open() -> Result<Box<Handle>, String> {
    Result::Ok(Box::new(Handle))
}

#[::rt0::export]
fn close(_handle: Box<Handle>) -> Result<(), String> {
    Result::Ok(())
}

#[::rt0::export]
fn using(_handle: &Handle) -> Result<bool, String> {
    Result::Ok(true)
}

#[derive(::core::clone::Clone, ::core::marker::Copy, ::rt0::CType)]
#[repr(C)]
pub struct Point {
    x: u32,
    y: bool,
}

#[derive(::core::clone::Clone, ::core::marker::Copy, ::rt0::CType)]
#[repr(i32)]
pub enum Kind {
    One,
    Two,
}

#[::rt0::export]
fn types(point: Point, _kind: Kind, _at: &Point) -> Result<Point, String> {
    Result::Ok(point)
}

#[::rt0::exit]
fn exit() {}

#[::rt0::gated(or = -1)]
pub extern "C" fn by_hand() -> i32 {
    1
}

fn main() {}
