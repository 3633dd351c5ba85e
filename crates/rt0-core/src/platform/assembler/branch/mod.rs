//! `branch!`, on x86-64: compares a word of memory, and jumps.
//!
//! ```text
//! branch! { unsafe jne u32 "[rip + word]", const 3, [operands of "word"] => { return false } }
//! ```
//!
//! What is in the braces runs if the words are not equal; with `je` in the place of `jne`, if they are. It leaves the
//! function. The memory access has Acquire ordering, and the compiler moves no other across it.
//!
//! `label.rs` is two instructions: the compiler knows that the code behind them is the usual way. It needs Rust 1.87.
//! `plain.rs` is for older compilers: a load in assembly, and the compare and the branch in Rust.

#[cfg(rt0_labels)]
mod label;
#[cfg(not(rt0_labels))]
mod plain;
