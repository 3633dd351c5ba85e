//! What a host is told whose call has no value.

pub mod forked;
