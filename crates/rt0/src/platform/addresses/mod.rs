//! Which addresses a program can have.
//!
//! - `is_possible`: whether something can be at this address. Null is none.
//! - `wraps`: whether this many bytes at a possible address extend past the end of the address space. There are at
//!   most `isize::MAX` of them.

#[allow(dead_code, reason = "x86-64 has a file of its own")]
mod plain;
#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod x86_64;

use rt0_core::cfg_select;

cfg_select! {
    all(target_arch = "x86_64", target_pointer_width = "64") => {
        pub(crate) use self::x86_64::{is_possible, wraps};
    }
    _ => {
        pub(crate) use self::plain::{is_possible, wraps};
    }
}
