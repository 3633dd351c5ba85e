//! Names of the C library that rt0 replaces with its own functions, inside the file that is being linked.
//!
//! They keep std from waiting for the loader, and tokio from reading the host's environment and from opening
//! descriptors with numbers that the host uses. Which they are, and with which options the linker puts them in
//! place, is in [`rt0_abi::linking`].
//!
//! To start a thread, std registers with the C library what the thread must drop at its end, and on the first
//! time looks up a function with `dlsym`. Both take the loader lock: while any thread of the host is inside
//! `dlopen`, no thread made by std can start.
//!
//! To build a runtime, tokio reads an environment variable, which the host may be changing. What tokio opens
//! gets the lowest free number, which the host may consider its own, or close and open again.
//!
//! rt0's functions take no lock, read the copy made at load, give out high numbers, and do not touch a
//! descriptor that is no longer the runtime's. The version script, or objcopy for an archive, hides these
//! names from other files.

use rt0_abi::linking::{self, DESCRIPTORS, OURS};

/// One of rt0's functions: a file that has it has the others too.
pub const MARK: &str = "__wrap___cxa_thread_atexit_impl";

/// The C library's functions that rt0's own need. rt0 refers to them weakly, and in a statically linked
/// program nothing else refers to them.
pub const NEEDED: &[&str] = DESCRIPTORS.functions;

/// The options that put rt0's functions in place.
pub fn options() -> impl Iterator<Item = String> {
    linking::wraps().map(|argument| argument.to_string())
}

/// The names of those of rt0's functions that every library has.
pub fn names() -> impl Iterator<Item = String> {
    linking::taken().map(|name| format!("{OURS}{name}"))
}
