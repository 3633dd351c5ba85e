//! A stack of our own, for a boot that must run on a host's thread.

#[cfg(not(windows))]
mod unix;
#[cfg(windows)]
mod windows;

cfg_select! {
    windows => { use self::windows as system; }
    _ => { use self::unix as system; }
}

/// The usual size for threads of C programs on most systems, and for those that Go makes.
pub const DEFAULT_SIZE: usize = 8 * 1024 * 1024;

/// Runs `f` on a fresh stack of at least `size` bytes. `None` if there is no memory for the stack; then `f`
/// was not called. `f` must not unwind.
pub fn on_own_stack<F: FnOnce() -> R, R>(size: usize, f: F) -> Option<R> {
    system::on_own_stack(size, f)
}
