//! Unusual arguments.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// Empty, with blanks, punctuation and line ends, and not UTF-8.
pub fn arguments() -> Vec<OsString> {
    let texts: [&[u8]; 6] = [
        b"",
        b"two words",
        b"\xff\xfe not UTF-8",
        b"=",
        b"a=b",
        b"\n\"'\\",
    ];
    texts
        .iter()
        .map(|text| OsString::from_vec(text.to_vec()))
        .collect()
}

/// How the probe prints a text.
pub fn shown(text: &OsStr) -> String {
    format!("[{}]", text.as_bytes().escape_ascii())
}

/// How the probe prints several texts.
pub fn shown_all(texts: &[OsString]) -> String {
    texts.iter().map(|text| shown(text)).collect()
}
