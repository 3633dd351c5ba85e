//! Calls to the system: one folder for each way to make them, one of which is chosen here. `contract.rs`
//! lists what each must provide.
//!
//! - Linux, Android: `linux/`, by system calls.
//! - FreeBSD, OpenBSD, NetBSD, macOS: `unix/`, by the C library, the only interface that these systems keep
//!   stable.
//! - Windows: `windows/`, by the functions of its libraries, likewise.
//! - All others, and processors that have no file: an error. It must be in this module: then the compiler
//!   does not complain of the names that are missing here.

#[allow(unused_macros, reason = "used where a target is refused")]
macro_rules! not_supported {
    () => {
        compile_error!(
            "rt0 does not support this target yet: docs/platforms.md lists those that it does"
        );
    };
}

// What Linux and the other Unixes share on these processors.
#[cfg(all(not(windows), any(target_arch = "aarch64", target_arch = "x86_64")))]
mod processor;

#[cfg(any(target_os = "android", target_os = "linux"))]
mod linux;
#[cfg(all(
    any(
        target_os = "freebsd",
        target_os = "macos",
        target_os = "netbsd",
        target_os = "openbsd",
    ),
    any(target_arch = "aarch64", target_arch = "x86_64"),
))]
mod unix;
#[cfg(all(windows, target_arch = "x86_64"))]
mod windows;

cfg_select! {
    any(target_os = "android", target_os = "linux") => {
        pub use self::contract::*;
        use self::linux as system;
    }
    all(
        any(
            target_os = "freebsd",
            target_os = "macos",
            target_os = "netbsd",
            target_os = "openbsd",
        ),
        any(target_arch = "aarch64", target_arch = "x86_64"),
    ) => {
        pub use self::contract::*;
        use self::unix as system;
    }
    all(windows, target_arch = "x86_64") => {
        pub use self::contract::*;
        use self::windows as system;
    }
    _ => { not_supported!(); }
}

#[cfg(any(
    target_os = "android",
    target_os = "linux",
    all(
        any(
            target_os = "freebsd",
            target_os = "macos",
            target_os = "netbsd",
            target_os = "openbsd",
        ),
        any(target_arch = "aarch64", target_arch = "x86_64"),
    ),
    all(windows, target_arch = "x86_64"),
))]
mod contract;
