//! Keeps std from waiting for the loader, and tokio from reading the host's environment.
//!
//! To start a thread, std registers with the C library what the thread has to drop at its end, and the
//! first time it looks a function up with `dlsym`. Both take the loader lock: while any thread of the
//! host is inside a `dlopen`, no thread that std makes gets going. To build a runtime, tokio asks for a
//! variable of the environment, which the host may be changing. rt0 has functions that take no lock, and
//! answer from the copy that was made at load. Inside the file that is being linked, and nowhere else, they stand for the C library's: the
//! version script, or objcopy for an archive, keeps the names from everybody else.

/// One of rt0's functions: where it is, the others are.
pub const MARK: &str = "rt0_thread_atexit";

/// The options by which std finds them. With `--wrap`, the C library's own is still there as
/// `__real_dlsym`, and likewise. They are asked for first: a name in an expression takes nothing out of an
/// archive, and where std has no use for `dlsym`, nothing else would.
pub const OPTIONS: [&str; 8] = [
    "-Wl,--undefined=rt0_thread_atexit",
    "-Wl,--undefined=rt0_dlsym",
    "-Wl,--undefined=rt0_getenv",
    "-Wl,--defsym=__cxa_thread_atexit_impl=rt0_thread_atexit",
    "-Wl,--wrap=dlsym",
    "-Wl,--defsym=__wrap_dlsym=rt0_dlsym",
    "-Wl,--wrap=getenv",
    "-Wl,--defsym=__wrap_getenv=rt0_getenv",
];
