//! The part of rt0 that runs under the loader.
//!
//! A load passes through these files in this order:
//!
//! 1. [`entry`]: the constructor, which the dynamic loader calls. It keeps the arguments ([`args`]),
//!    makes the boot thread ([`thread`]) with its signals blocked ([`signals`]) and returns at once.
//! 2. [`boot`]: what the boot thread does: passes the loader barrier ([`loader`]), claims the boot,
//!    runs the library's boot function, and says how it ended.
//! 3. [`gate`]: what every exported function passes. One load and one compare when the library is
//!    ready; otherwise it waits, with a deadline, or boots.
//! 4. [`generation`]: the page of memory that holds all of the above, and that the kernel clears in a
//!    fork's child; [`fork`] says how a child knows what it is.
//! 5. [`stop`]: the end of a generation. It waits for the calls that are [`inflight`].
//! 6. [`exit`]: the end of the process, and of the library's place in memory.
//!
//! The crate has no dependency on a C library: it makes system calls itself ([`sys`]) and reaches
//! `pthread_create` and a few others through weak symbols ([`weak`]). It does not allocate.
//!
//! Windows is another world. The modules that it has nothing for, or that are something else there, are
//! in `windows/`, each under its own name: all others are the same everywhere.
//!
//! A library plugs itself in with [`library!`] and a [`Library`]: its callback table. One without std
//! says [`alone!`] besides.
#![no_std]

#[cfg(loom)]
extern crate std;

pub mod gate;
pub mod inflight;
#[doc(hidden)]
pub mod sabotage;
pub mod sync;

// Under loom only the gate and the calls in flight are built: they are the algorithms that the model
// checker drives. The rest makes system calls and thus can't be modelled.
#[cfg(not(loom))]
pub use real::*;

#[cfg(not(loom))]
#[path = ""]
mod real {
    // Other systems have no programs without a C library.
    #[cfg(any(target_os = "android", target_os = "linux"))]
    pub mod alone;
    pub mod args;
    pub mod boot;
    pub mod cut;
    pub mod entry;
    #[cfg_attr(windows, path = "windows/exit.rs")]
    pub mod exit;
    #[cfg_attr(windows, path = "windows/fork.rs")]
    pub mod fork;
    pub mod generation;
    #[cfg_attr(windows, path = "windows/hold.rs")]
    pub mod hold;
    #[cfg_attr(target_vendor = "apple", path = "image_macho.rs")]
    #[cfg_attr(windows, path = "windows/image.rs")]
    pub mod image;
    #[cfg(not(windows))]
    pub mod key;
    pub mod library;
    #[cfg_attr(windows, path = "windows/loader.rs")]
    pub mod loader;
    #[cfg_attr(windows, path = "windows/namespace.rs")]
    pub mod namespace;
    pub(crate) mod object;
    pub(crate) mod pause;
    pub mod room;
    pub mod settings;
    #[cfg_attr(windows, path = "windows/signals.rs")]
    pub mod signals;
    #[cfg_attr(windows, path = "windows/stack.rs")]
    pub mod stack;
    pub mod stop;
    pub mod sys;
    pub mod thread;
    pub mod timeline;
    #[cfg_attr(windows, path = "windows/weak.rs")]
    pub mod weak;

    pub use boot::{Boot, pass, start};
    pub use generation::is_ready;
    pub use library::{CollectorSignals, Library, Start, this_library};
}

pub use rt0_abi::Status;
