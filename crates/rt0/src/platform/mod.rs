//! What the library's threads need from the system.

pub(crate) mod addresses;
#[cfg_attr(not(feature = "tokio"), allow(dead_code, unused_imports))]
pub(crate) mod leaks;
pub(crate) mod locals;
pub(crate) mod object_file;
#[cfg(feature = "tokio")]
pub(crate) mod processors;
pub(crate) mod static_link;
pub(crate) mod thread_name;
pub(crate) mod uncancelled;
