//! The part of rt0 that runs under the loader.
//!
//! Each folder is a step of a library's life, and imports only from those below it:
//!
//! 1. [`load`]: what the dynamic loader calls. It keeps the arguments, has the boot thread made and returns at
//!    once.
//! 2. [`call`]: what every exported function passes when the library is not ready: it waits, with a deadline, or
//!    boots.
//! 3. [`exit`]: the end of the process, and of the library's place in memory.
//! 4. [`shutdown`]: the end of a generation. It waits for the calls that are in flight.
//! 5. [`boot`]: what the boot thread does: passes the loader barrier, claims the boot, runs the library's boot
//!    function.
//! 6. [`library`](mod@library): what the library and its host say about it; [`fork`]: how a child knows what it is.
//! 7. [`generation`]: the page of memory that holds one boot, and that the kernel clears in a fork's child; the hot
//!    path.
//! 8. [`protocol`]: the two algorithms by which threads agree, which the model checker drives.
//! 9. [`sync`]: words to wait on, fences, deadlines.
//! 10. [`platform`]: what the system and the processor give.
//!
//! The crate has no dependency on a C library: it makes system calls itself and reaches `pthread_create` and a few
//! others through weak symbols. It does not allocate.
//!
//! A library plugs itself in with [`library!`] and a [`Library`]: its callback table. One without std says
//! [`freestanding!`] besides.
#![no_std]

#[cfg(loom)]
extern crate std;

// Under loom only the protocols are built, and what they stand on: they are the algorithms that the model checker
// drives. The rest makes system calls and thus can't be modelled.
#[doc(hidden)]
pub mod protocol;
#[doc(hidden)]
pub mod sabotage;
pub mod sync;

#[cfg(not(loom))]
#[doc(hidden)]
pub mod boot;
#[cfg(not(loom))]
#[doc(hidden)]
pub mod call;
#[cfg(not(loom))]
#[doc(hidden)]
pub mod exit;
#[cfg(not(loom))]
pub mod fork;
#[cfg(not(loom))]
pub mod generation;
#[cfg(not(loom))]
pub mod library;
#[cfg(not(loom))]
#[doc(hidden)]
pub mod load;
#[cfg(not(loom))]
#[doc(hidden)]
pub mod platform;
#[cfg(not(loom))]
pub mod shutdown;
#[cfg(not(loom))]
#[doc(hidden)]
pub mod text;

#[cfg(not(loom))]
pub use self::{
    call::{pass, start},
    generation::is_ready,
    library::{Boot, Library, Start, this_library},
    platform::thread::signals::CollectorSignals,
};

pub use rt0_abi::Status;
