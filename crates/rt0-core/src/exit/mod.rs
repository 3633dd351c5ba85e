//! The end of the process, and the unmapping of the library.
//!
//! | what | how we are told | what we do |
//! |---|---|---|
//! | `exit`, a return from the host's `main` | a handler, registered at load and again at the first call; `.fini_array` where no handler can be registered | end the generation, within a time limit; pin a library that can be unmapped and does not end in time |
//! | `dlclose` of a library that can be unmapped | `.fini_array` | wait for an exit that is under way; end the generation, join its thread, take every handler back |
//! | `_exit`, `quick_exit`, a signal | not at all | nothing |
//! | the end of the host's virtual machine | by `rt0::end` ([`ahead`]) | the same as at `exit`, which then does nothing |

pub mod ahead;
mod noted;
#[cfg(not(windows))]
mod process;
#[cfg(not(windows))]
mod unload;
#[cfg(windows)]
mod windows;

#[cfg(not(windows))]
pub(crate) use self::process::{by_itself, register_at_first_call, register_at_load};
#[cfg(not(windows))]
pub use self::unload::fini;
#[cfg(not(windows))]
pub(crate) use self::unload::unload;
#[cfg(windows)]
pub(crate) use self::windows::{by_itself, end, register_at_first_call, register_at_load, unload};
