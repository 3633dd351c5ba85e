//! Other systems: std is asked.

pub(super) fn count() -> Option<usize> {
    None
}
