//! A stack of our own, for a boot that must run on a host's thread.

#[cfg(not(windows))]
mod unix;
#[cfg(windows)]
mod windows;

cfg_select! {
    windows => { use self::windows as system; }
    _ => { use self::unix as system; }
}

/// What a thread made by Rust or C programs has on most systems, and what Go gives its own.
pub const DEFAULT_SIZE: usize = 8 * 1024 * 1024;

/// Runs `f` on a fresh stack of this many bytes at least. `None` when there is no memory for one; `f` was then not
/// called. It must not unwind.
pub fn on_own_stack<F: FnOnce() -> R, R>(size: usize, f: F) -> Option<R> {
    system::on_own_stack(size, f)
}
