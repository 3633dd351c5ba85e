//! What is the same on a processor whatever the system: how large a page can be, and how to run on another
//! stack. Of those that more than one system of ours runs on.

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_arch = "aarch64")]
pub use self::aarch64::{LARGEST_PAGE, call_on_stack};
#[cfg(target_arch = "x86_64")]
pub use self::x86_64::{LARGEST_PAGE, call_on_stack};
