//! Windows has one namespace for all of a process's libraries. See `../namespace.rs`.

/// Whether this is not the first namespace.
pub fn is_other() -> bool {
    false
}

/// There is one C library that must know of threads, if any, and it makes them.
pub(crate) fn tell_of_threads() -> bool {
    true
}
