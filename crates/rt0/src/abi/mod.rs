//! How a Rust function looks from C: what the expansion of `#[rt0::export]` calls.

pub mod arg;
pub mod buffer;
pub mod call;
pub mod code_of;
pub mod handle;
mod numbers;
pub mod types;
