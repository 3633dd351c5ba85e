//! What calls that use the generation read of the page besides the gate. Like [`is_ready`](fn@super::is_ready), it has
//! a file for a processor where the compiler would look up the page's address first.

#[cfg(all(
    not(rt0_tsan),
    target_arch = "x86_64",
    any(target_os = "android", target_os = "linux", windows)
))]
mod x86_64;

#[allow(dead_code, reason = "a processor may have a file of its own")]
mod plain;

cfg_select! {
    rt0_tsan => {
        pub use self::plain::{fixed, pass, state};
    }
    all(target_arch = "x86_64", any(target_os = "android", target_os = "linux", windows)) => {
        pub use self::x86_64::{fixed, pass, state};
    }
    _ => {
        pub use self::plain::{fixed, pass, state};
    }
}
