//! A system whose texts are bytes, as std's are.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use rt0_core::args;

pub(super) fn arguments() -> impl Iterator<Item = &'static OsStr> {
    args::arguments().map(OsStr::from_bytes)
}

pub(super) fn variable(name: &OsStr) -> Option<&'static OsStr> {
    args::variable(name.as_bytes()).map(OsStr::from_bytes)
}

pub(super) fn variables() -> impl Iterator<Item = (&'static OsStr, &'static OsStr)> {
    args::environment().filter_map(|entry| {
        let equals = entry.iter().position(|&byte| byte == b'=')?;
        let (name, value) = (&entry[..equals], &entry[equals + 1..]);
        Some((OsStr::from_bytes(name), OsStr::from_bytes(value)))
    })
}
