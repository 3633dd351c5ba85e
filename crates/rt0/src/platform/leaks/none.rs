//! There is no fork.

pub(crate) fn are_looked_for() -> bool {
    false
}

pub(crate) fn unnoticed<R>(f: impl FnOnce() -> R) -> R {
    f()
}
