//! Windows has no fork that would have to wait. See `../hold.rs`.

/// A stretch begins.
pub fn hold() {}

/// It ends.
pub fn let_go() {}
