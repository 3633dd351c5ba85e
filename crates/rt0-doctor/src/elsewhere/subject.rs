//! There are no subjects.

/// None can be made.
pub struct Subject {
    /// Nobody has one.
    pub never: std::convert::Infallible,
}

/// There is no glibc.
pub fn glibc_version() -> Option<String> {
    None
}
