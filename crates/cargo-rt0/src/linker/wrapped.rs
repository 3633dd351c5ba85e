//! Names of the C library that rt0's own functions stand for, inside the file that is being linked.
//!
//! They keep std from waiting for the loader, and tokio from reading the host's environment and from opening
//! its files under numbers that the host uses. To start a thread, std registers with the C library what the
//! thread must drop at its end, and looks a function up with `dlsym` the first time. Both take the loader lock:
//! while any thread of the host is inside a `dlopen`, no thread that std makes can start. To build a runtime,
//! tokio reads a variable of the environment, which the host may be changing; and what it opens gets the lowest
//! free number, which the host may take for its own, or close and open again. rt0's functions take no lock,
//! answer from the copy that was made at load, give high numbers, and do not touch a file that is no longer the
//! runtime's. The version script, or objcopy for an archive, hides these names from everybody else.

/// One of rt0's functions: a file that has it has the others.
pub const MARK: &str = "rt0_thread_atexit";

/// What they stand for. With the linker's `--wrap`, the C library's own are still there, as `__real_dlsym`
/// and so on.
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

/// Those that rt0's functions need. rt0 asks for the C library's weakly, and in a statically linked program
/// nobody else would ask.
pub const NEEDED: [&str; 7] = [
    "epoll_create1",
    "epoll_ctl",
    "epoll_wait",
    "eventfd",
    "fcntl",
    "socketpair",
    "write",
];

/// The linker's options that put rt0's functions in their places. `--undefined` comes first: a name in an
/// expression takes nothing out of an archive, and nothing else does if std does not use `dlsym`.
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

/// The names that rt0's functions then have.
pub fn names() -> impl Iterator<Item = String> {
    let wrapped = WRAPPED.iter().map(|name| format!("__wrap_{name}"));
    std::iter::once(REPLACED.to_owned()).chain(wrapped)
}
