//! What runs at a thread's end. The loader tells std, by a callback of std's own: there is nothing to be
//! put in anybody's place. See `../thread_exit.rs`.

/// There is no key to be made, and none that could be missing.
pub(crate) fn prepare() -> bool {
    true
}

/// Nothing is registered here.
pub(crate) fn run_for_this_thread() {}
