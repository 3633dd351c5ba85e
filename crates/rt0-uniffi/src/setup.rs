//! What the author's crate itself must declare, since UniFFI knows items by their crate.

use std::time::Duration;

use crate::Error;

/// Declares, for the other languages, the exception `LibraryError` for [`Error`], and the functions `rt0_end` and
/// `rt0_shutdown`. Write it once, below `uniffi::setup_scaffolding!()`.
///
/// Both end the library, and wait for it: afterwards none of its threads runs or calls back. `rt0_end` is [`rt0::end`]:
/// it ends the library for good, where a virtual machine ends, which the library can't learn by itself: in Python in
/// `atexit` (`uniffi_bindgen_main` sees to it), on the JVM in a shutdown hook, in Ruby in `at_exit`.
/// After `rt0_shutdown`, which is [`rt0::shutdown`], the next call starts the library again.
#[macro_export]
macro_rules! setup {
    () => {
        #[doc(hidden)]
        mod __rt0_uniffi {
            use $crate::Error;

            /// The library could not answer.
            #[::uniffi::remote(Error)]
            #[uniffi(flat_error, name = "LibraryError")]
            pub enum Error {
                /// It was not ready in time: a later call may succeed.
                NotReady,
                /// It could not start.
                BootFailed,
                /// It is ending, or the process is.
                Stopped,
                /// Something else, as the text says.
                Refused,
            }

            /// Ends the library for good, because the virtual machine ends: then none of its threads runs or calls
            /// back any more.
            #[::uniffi::export]
            fn rt0_end() -> ::core::result::Result<(), Error> {
                $crate::end()
            }

            /// Ends the library, and waits for that at most so many milliseconds: then none of its threads runs or
            /// calls back any more. A later call starts it again.
            #[::uniffi::export(default(timeout_ms = 2000))]
            fn rt0_shutdown(timeout_ms: u64) -> ::core::result::Result<(), Error> {
                $crate::shut_down(timeout_ms)
            }
        }
    };
}

// Neither may pass the gate: it would wait for itself.

/// What `rt0_end` does.
pub fn end() -> Result<(), Error> {
    Ok(rt0::end(None)?)
}

/// What `rt0_shutdown` does.
pub fn shut_down(timeout_ms: u64) -> Result<(), Error> {
    Ok(rt0::shutdown(Some(Duration::from_millis(timeout_ms)))?)
}
