//! The dynamic loader: what it does to us, and what we ask of it. On a Unix this is `unix.rs`, `namespace.rs`,
//! `this_file.rs` and `look_up.rs`; on Windows it is `windows.rs`.

#[cfg(not(windows))]
mod look_up;
#[cfg(not(windows))]
pub mod namespace;
#[cfg(not(windows))]
mod this_file;
#[cfg(not(windows))]
mod unix;
#[cfg(windows)]
mod windows;

cfg_select! {
    windows => {
        use self::windows as system;
        pub use self::windows::namespace;
    }
    _ => {
        use self::unix as system;
        pub(crate) use self::this_file::keep_this_file;
    }
}

contract! { pub use system:
    /// Whether the calling thread holds the loader's lock, as far as that can be known, so that a wait could
    /// last for ever. Only ever true on Windows.
    pub fn is_locked_here() -> bool;
    /// Waits until the `dlopen` that runs our constructor has returned. Returns at once on systems where a
    /// `dlopen` blocks no running thread. False: what it takes for that is missing.
    pub fn barrier() -> bool;
    /// The same by other means, which wait on glibc alone.
    pub(crate) fn barrier_without_dlsym();
    /// Looks up what std will ask the loader for. Only the constructor may call this: any other thread might wait for
    /// the loader.
    pub(crate) fn prefetch_symbols();
    /// Whether the calling thread has memory for this file's thread-locals. `None` if that is not known, or
    /// if every new thread gets it. Takes no lock, and allocates nothing.
    pub fn has_locals_here() -> Option<bool>;
}

contract! { namespace:
    /// Finds out for `is_other`. The constructor calls it.
    fn detect();
    /// Whether the library is in another namespace than the first.
    fn is_other() -> bool;
}

/// The symbol's address, if it was found at the load.
#[cfg(not(windows))]
pub use self::unix::prefetched;
