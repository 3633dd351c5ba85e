//! Linux: a file in /proc for each thread.

use std::ffi::CStr;

use rt0_core::platform::kernel::read_file;

use super::Name;

/// Longer than any name: Linux keeps 15 bytes.
const LONG: usize = 32;

pub(crate) fn of(thread: u32) -> Name {
    let path = format!("/proc/self/task/{thread}/comm\0");
    let path = CStr::from_bytes_until_nul(path.as_bytes()).unwrap_or_default();
    let mut name = [0; LONG];
    match read_file(path, &mut name) {
        Some(len) => {
            let name = name[..len].strip_suffix(b"\n").unwrap_or(&name[..len]);
            Name::Is(String::from_utf8_lossy(name).into_owned())
        }
        None if read_file(c"/proc/self/comm", &mut name).is_some() => Name::Ended,
        None => Name::Unknown,
    }
}
