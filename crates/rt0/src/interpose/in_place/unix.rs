//! With the linker's `-wrap` the C library's functions have a second name. Without it nobody defines that, and
//! the words that look for it are null. Of the functions for descriptors, one stands for all: a library that watches
//! none has no other.

use rt0_core::platform::weak_symbols as c;

use super::InPlace;
use crate::interpose::{descriptors, thread_atexit};

/// On Apple's systems std has the ends of its thread-locals told by a function that takes no lock, a new
/// thread looks no function up, and the C library has a lock around the environment.
const NEEDED: bool = !cfg!(target_vendor = "apple");

pub(crate) fn look() -> InPlace {
    InPlace {
        threads: NEEDED.then(|| thread_atexit::is_in_place() && c::real_dlsym().is_some()),
        environment: NEEDED.then(|| c::real_getenv().is_some()),
        descriptors: descriptors::APPLIES.then(|| c::real_write().is_some()),
    }
}
