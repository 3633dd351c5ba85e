//! Windows has one namespace for all of a process's libraries. See `namespace.rs`.

/// There is nothing to be found out.
pub(crate) fn look() {}

/// Whether this is not the first namespace.
pub fn is_other() -> bool {
    false
}
