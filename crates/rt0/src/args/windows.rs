//! Windows: strings are 16-bit units. std converts them to its own strings without loss, even invalid ones.

use std::ffi::{OsStr, OsString};
use std::os::windows::ffi::{OsStrExt, OsStringExt};
use std::sync::OnceLock;

use rt0_core::library::arguments;
use rt0_core::platform::kernel;

/// The core's copy as std's strings. Made once, on first use.
struct Copy {
    arguments: Vec<OsString>,
    variables: Vec<(OsString, OsString)>,
}

fn copy() -> &'static Copy {
    static COPY: OnceLock<Copy> = OnceLock::new();
    let text = |bytes: &[u8]| OsString::from_wide(&kernel::units(bytes).collect::<Vec<_>>());
    COPY.get_or_init(|| Copy {
        arguments: arguments::arguments().map(text).collect(),
        variables: arguments::environment()
            .filter_map(|entry| {
                // A name may begin with `=`: cmd stores each drive's current directory that way.
                let equals = entry.iter().skip(1).position(|&byte| byte == b'=')? + 1;
                Some((text(&entry[..equals]), text(&entry[equals + 1..])))
            })
            .collect(),
    })
}

/// Whether two names mean the same variable. Windows ignores the case of variable names, in every alphabet.
fn is_same(one: &OsStr, other: &OsStr) -> bool {
    const EQUAL: i32 = 2;
    #[link(name = "kernel32")]
    unsafe extern "system" {
        fn CompareStringOrdinal(
            one: *const u16,
            one_len: i32,
            other: *const u16,
            other_len: i32,
            ignore_case: i32,
        ) -> i32;
    }
    let [one, other] = [one, other].map(|name| name.encode_wide().collect::<Vec<_>>());
    let [Ok(one_len), Ok(other_len)] = [one.len(), other.len()].map(i32::try_from) else {
        return false;
    };
    // SAFETY: the pointers are valid for reads of these lengths, and the function only reads.
    unsafe { CompareStringOrdinal(one.as_ptr(), one_len, other.as_ptr(), other_len, 1) == EQUAL }
}

pub(super) fn arguments() -> impl Iterator<Item = &'static OsStr> {
    copy().arguments.iter().map(OsString::as_os_str)
}

pub(super) fn variable(name: &OsStr) -> Option<&'static OsStr> {
    variables().find_map(|(key, value)| is_same(key, name).then_some(value))
}

pub(super) fn variables() -> impl Iterator<Item = (&'static OsStr, &'static OsStr)> {
    let pair = |(name, value): &'static (OsString, OsString)| (&**name, &**value);
    copy().variables.iter().map(pair)
}
