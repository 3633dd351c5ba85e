//! Systems whose arguments and environment are bytes, as in std.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use rt0_core::library::arguments;

pub(super) fn arguments() -> impl Iterator<Item = &'static OsStr> {
    arguments::arguments().map(OsStr::from_bytes)
}

pub(super) fn variable(name: &OsStr) -> Option<&'static OsStr> {
    arguments::variable(name.as_bytes()).map(OsStr::from_bytes)
}

pub(super) fn variables() -> impl Iterator<Item = (&'static OsStr, &'static OsStr)> {
    arguments::environment().filter_map(|entry| {
        let equals = entry.iter().position(|&byte| byte == b'=')?;
        let (name, value) = (&entry[..equals], &entry[equals + 1..]);
        Some((OsStr::from_bytes(name), OsStr::from_bytes(value)))
    })
}
