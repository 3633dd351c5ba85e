//! The dynamic loader: what it does to us, and what we ask of it. `unix.rs` with `namespace.rs` and `this_file.rs`,
//! or `windows.rs`.

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
    /// Whether this very thread has the loader's lock, as far as that can be known, and a wait could thus last
    /// for ever: nowhere but on Windows.
    pub fn is_locked_here() -> bool;
    /// Waits until the `dlopen` that runs our constructor has returned; returns at once where nothing stands in
    /// the way of a thread that runs.
    pub fn barrier();
    /// Looks up what std will ask the loader for. For the constructor: anybody else might wait for the loader.
    pub(crate) fn prefetch_symbols();
    /// Whether the calling thread has memory for this file's thread-locals. `None`: it can't be known, or they
    /// are allocated with each thread. Takes no lock, and allocates nothing.
    pub fn has_locals_here() -> Option<bool>;
}

contract! { namespace:
    /// Finds it out, for the constructor.
    fn detect();
    /// Whether the library does not lie in the first namespace.
    fn is_other() -> bool;
}

/// The address, when this is a name that [`prefetch_symbols`] has found.
#[cfg(not(windows))]
pub use self::unix::prefetched;
