//! The part of rt0 that runs under the loader.
//!
//! Each folder is a step of a library's life and imports only from the folders below it:
//!
//! 1. [`load`]: what the dynamic loader calls. It copies the arguments, makes the boot thread and returns at
//!    once.
//! 2. [`call`]: what an exported function calls when the library is not ready: it waits with a deadline, or
//!    boots.
//! 3. [`exit`]: the end of the process, and the unmapping of the library.
//! 4. [`shutdown`]: the end of a generation. It waits for the calls in flight.
//! 5. [`boot`]: what the boot thread does: it passes the loader barrier, claims the boot and runs the
//!    library's boot function.
//! 6. [`library`](mod@library): what the library and its host say about it; [`fork`]: how a child knows that
//!    it is one.
//! 7. [`generation`]: the page of memory that holds one boot, and that the kernel clears in a fork's child;
//!    the hot path.
//! 8. [`protocol`]: the two algorithms by which threads agree. The model checker drives them.
//! 9. [`sync`]: words to wait on, fences, deadlines.
//! 10. [`platform`]: what the system and the processor provide.
//!
//! The crate does not depend on a C library: it makes system calls itself, and reaches `pthread_create` and a
//! few other functions through weak symbols. It does not allocate.
//!
//! A library plugs itself in with [`library!`] and a [`Library`], its callback table. A library without std
//! also uses [`freestanding!`].
#![no_std]

#[cfg(loom)]
extern crate std;

#[macro_use]
mod cfg_select;

// Under loom only the protocols and what they stand on are built: these are the algorithms that the model
// checker drives. The rest makes system calls, so it can't be modelled.
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
