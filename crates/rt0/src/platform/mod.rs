//! What the system gives, and the library's threads need.

pub(crate) mod leaks;
pub(crate) mod locals;
pub(crate) mod static_link;
pub(crate) mod uncancelled;
