//! Windows has one namespace for all of a process's libraries. See `namespace.rs`.

/// Whether this is not the first namespace.
pub fn is_other() -> bool {
    false
}
