//! The hot path of every gated call: whether the gate is open. One load, one compare, one branch.
//!
//! A processor has a file of its own here if its assembly is better than what the compiler makes of
//! [`Gate::is_ready`](crate::protocol::gate::Gate::is_ready), which is the same check in Rust. The symbol of
//! the page is hidden, so assembly reaches it without a detour through the global offset table. The compiler
//! does not know that.
//!
//! `plain.rs` is for all other processors, and for ThreadSanitizer, which does not look into assembly.

#[cfg(all(
    not(rt0_tsan),
    target_arch = "aarch64",
    any(target_os = "android", target_os = "linux")
))]
mod aarch64;
#[allow(dead_code, reason = "most targets have a file of their own")]
mod plain;
#[cfg(all(
    not(rt0_tsan),
    target_arch = "riscv64",
    any(target_os = "android", target_os = "linux")
))]
mod riscv64;
#[cfg(all(not(rt0_tsan), target_arch = "s390x", target_os = "linux"))]
mod s390x;
#[cfg(all(
    not(rt0_tsan),
    target_arch = "x86_64",
    any(target_os = "android", target_os = "linux", windows)
))]
mod x86_64;

cfg_select! {
    rt0_tsan => {
        pub use self::plain::is_ready;
    }
    all(target_arch = "aarch64", any(target_os = "android", target_os = "linux")) => {
        pub use self::aarch64::is_ready;
    }
    all(target_arch = "riscv64", any(target_os = "android", target_os = "linux")) => {
        pub use self::riscv64::is_ready;
    }
    all(target_arch = "s390x", target_os = "linux") => {
        pub use self::s390x::is_ready;
    }
    all(target_arch = "x86_64", any(target_os = "android", target_os = "linux", windows)) => {
        pub use self::x86_64::is_ready;
    }
    _ => {
        pub use self::plain::is_ready;
    }
}
