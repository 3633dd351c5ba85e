//! What a host is told in a child in which nothing can be allocated: see `rt0_core::fork`.
//!
//! The text is made at compile time, and no thread keeps it: a host gets a pointer to it wherever it
//! else gets a buffer of its own or the thread's last error.

use std::ffi::{CStr, c_void};

use rt0_core::{Library, Status, fork, sabotage};

use crate::call::ready;
use crate::config::Config;
use crate::error::Error;

/// Longer than the status's own words and any name that is one.
const LEN: usize = 320;

/// `NAME: words of the status`, with a zero behind it. A name that is too long is cut.
pub struct Text([u8; LEN]);

/// The text for the library of this name.
pub const fn text_for(name: &str) -> Text {
    let mut text = [0; LEN];
    let words = Status::Forked.text().as_bytes();
    let room = LEN - words.len() - 3;
    let mut end = if name.len() < room { name.len() } else { room };
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    let (parts, mut at, mut part) = ([name.as_bytes().split_at(end).0, b": ", words], 0, 0);
    while part < parts.len() {
        let mut i = 0;
        while i < parts[part].len() {
            text[at] = parts[part][i];
            (at, i) = (at + 1, i + 1);
        }
        part += 1;
    }
    Text(text)
}

impl Text {
    fn get(&self) -> &CStr {
        CStr::from_bytes_until_nul(&self.0).unwrap_or_default()
    }
}

/// Set in a process in which nothing may be allocated or locked: its error's text.
pub(crate) fn text() -> Option<&'static CStr> {
    if sabotage::NO_FIXED_TEXT || rt0_core::is_ready() || fork::check().is_ok() {
        return None;
    }
    Some(Config::present().map_or(c"", |config| config.forked.get()))
}

/// Whether a host gives the text back as if it were a buffer of its own.
pub(crate) fn is_text(buffer: *mut c_void) -> bool {
    let text = Config::present().map(|config| config.forked.get().as_ptr());
    text.is_some_and(|text| text.cast() == buffer.cast_const())
}

/// What each call of the host's asks first that does not come to a gate.
pub(crate) fn check(library: &Library) -> Result<(), Error> {
    fork::check().map_err(|status| ready::refusal(Some(library), status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_names_the_library_and_ends_with_the_status() {
        let text = text_for("search");
        let whole = format!("search: {}", Status::Forked);
        assert_eq!(text.get().to_str(), Ok(&*whole));
    }

    #[test]
    fn a_name_that_is_too_long_is_cut_between_characters() {
        let text = text_for(&"ä".repeat(LEN));
        let text = text.get().to_str().expect("no character is cut");
        assert!(text.starts_with("ää") && text.ends_with(Status::Forked.text()));
        assert!(text.len() < LEN);
    }
}
