//! What depends on the processor alone, not the system: how large a page can be, and how to run on another
//! stack. Only for processors that more than one of our systems runs on.

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_arch = "aarch64")]
pub use self::aarch64::{LARGEST_PAGE, call_on_stack};
#[cfg(target_arch = "x86_64")]
pub use self::x86_64::{LARGEST_PAGE, call_on_stack};
