//! Keeps std from waiting for the loader, and tokio from reading the host's environment and from opening
//! its files under the host's numbers.
//!
//! To start a thread, std registers with the C library what the thread has to drop at its end, and the
//! first time it looks a function up with `dlsym`. Both take the loader lock: while any thread of the
//! host is inside a `dlopen`, no thread that std makes gets going. To build a runtime, tokio asks for a
//! variable of the environment, which the host may be changing; and what it opens gets the lowest number
//! that is free, which the host may take to be its own, or close and open again. rt0 has functions that take no lock, answer from
//! the copy that was made at load, give high numbers, and do not touch a file that is not the runtime's any
//! more. Inside the file that is being linked, and nowhere
//! else, they stand for the C library's: the version script, or objcopy for an archive, keeps the names
//! from everybody else.

/// One of rt0's functions: where it is, the others are.
pub const MARK: &str = "rt0_thread_atexit";

/// What they stand for. With the linker's `--wrap`, the C library's own is still there, as `__real_dlsym`
/// and likewise.
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

/// What [`MARK`] stands for.
const REPLACED: &str = "__cxa_thread_atexit_impl";

/// Those of them that rt0's cannot do without. It asks for the C library's weakly, and in a program that is
/// linked statically nobody else would ask.
pub const NEEDED: [&str; 7] = [
    "epoll_create1",
    "epoll_ctl",
    "epoll_wait",
    "eventfd",
    "fcntl",
    "socketpair",
    "write",
];

/// The linker's options that put rt0's functions in their places. They are asked for first: a name in an
/// expression takes nothing out of an archive, and where std has no use for `dlsym`, nothing else would.
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

/// The names that they then have.
pub fn names() -> impl Iterator<Item = String> {
    let wrapped = WRAPPED.iter().map(|name| format!("__wrap_{name}"));
    std::iter::once(REPLACED.to_owned()).chain(wrapped)
}
