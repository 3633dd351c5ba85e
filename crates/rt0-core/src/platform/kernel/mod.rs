//! System calls: one file per operating system, and below it one per processor.
//!
//! - Linux, Android: `linux/`. By the kernel's own calls.
//! - FreeBSD, OpenBSD, NetBSD, macOS: `unix/`. By those of the C library, the only way that these systems
//!   promise anything about.
//! - Windows: `windows/`. By the functions of its libraries, likewise.
//! - All others, and processors that there is no file for: a sentence. It must stand in this very module:
//!   the compiler then does not complain of the names that are missing here.

// What Linux and the other Unixes share on these processors.
#[cfg(all(not(windows), any(target_arch = "aarch64", target_arch = "x86_64")))]
mod processor;

#[cfg(any(target_os = "linux", target_os = "android"))]
mod linux;
#[cfg(any(target_os = "linux", target_os = "android"))]
pub use self::linux::*;

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
#[cfg(all(
    any(
        target_os = "freebsd",
        target_os = "macos",
        target_os = "netbsd",
        target_os = "openbsd",
    ),
    any(target_arch = "aarch64", target_arch = "x86_64"),
))]
pub use self::unix::*;

#[cfg(all(windows, target_arch = "x86_64"))]
mod windows;
#[cfg(all(windows, target_arch = "x86_64"))]
pub use self::windows::*;

cfg_select! {
    all(windows, target_arch = "x86_64") => {}
    all(
        any(target_os = "linux", target_os = "android"),
        any(
            target_arch = "x86",
            all(target_arch = "x86_64", target_pointer_width = "64"),
            target_arch = "arm",
            all(target_arch = "aarch64", target_pointer_width = "64"),
            target_arch = "riscv64",
            target_arch = "powerpc64",
            target_arch = "s390x",
        ),
    ) => {}
    all(
        any(
            target_os = "freebsd",
            target_os = "macos",
            target_os = "netbsd",
            target_os = "openbsd",
        ),
        any(target_arch = "aarch64", target_arch = "x86_64"),
    ) => {}
    _ => {
        compile_error!(
            "rt0 does not support this target yet: docs/platforms.md lists those that it does"
        );
    }
}
