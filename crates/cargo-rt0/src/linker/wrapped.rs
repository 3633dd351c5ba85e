//! Names of the C library that rt0 replaces with its own functions, inside the file that is being linked.
//!
//! They keep std from waiting for the loader, and tokio from reading the host's environment and from opening
//! descriptors with numbers that the host uses.
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

/// One of rt0's functions: a file that has it has the others too.
pub const MARK: &str = "rt0_thread_atexit";

/// The functions that are replaced. With the linker's `--wrap`, the C library's own are still available as
/// `__real_dlsym` and so on.
const WRAPPED: [&str; 9] = [
    "dlsym",
    "epoll_create1",
    "epoll_ctl",
    "epoll_wait",
    "eventfd",
    "fcntl",
    "getenv",
    "socketpair",
    "write",
];

/// The function that [`MARK`] replaces.
const REPLACED: &str = "__cxa_thread_atexit_impl";

/// The C library's functions that rt0's own need. rt0 refers to them weakly, and in a statically linked
/// program nothing else refers to them.
pub const NEEDED: [&str; 7] = [
    "epoll_create1",
    "epoll_ctl",
    "epoll_wait",
    "eventfd",
    "fcntl",
    "socketpair",
    "write",
];

/// The linker options that put rt0's functions in place. `--undefined` comes first: a name in an expression
/// takes nothing out of an archive, and neither does anything else if std does not use `dlsym`.
pub fn options() -> impl Iterator<Item = String> {
    let wrapped = WRAPPED.iter().flat_map(|name| {
        [
            format!("-Wl,--undefined=rt0_{name}"),
            format!("-Wl,--wrap={name}"),
            format!("-Wl,--defsym=__wrap_{name}=rt0_{name}"),
        ]
    });
    let replaced = [
        format!("-Wl,--undefined={MARK}"),
        format!("-Wl,--defsym={REPLACED}={MARK}"),
    ];
    replaced.into_iter().chain(wrapped)
}

/// The names that rt0's functions get.
pub fn names() -> impl Iterator<Item = String> {
    let wrapped = WRAPPED.iter().map(|name| format!("__wrap_{name}"));
    std::iter::once(REPLACED.to_owned()).chain(wrapped)
}
