//! The text of the error `FORKED`, made at compile time, because the child that gets it can't allocate.

use std::ffi::CStr;

use rt0_core::Status;

/// Long enough for the status's text and any sensible name.
const LEN: usize = 320;

/// `NAME: text of the status`, with a terminating zero. A name that is too long is cut.
pub struct Text([u8; LEN]);

/// The text for the library with this name.
pub const fn text_for(name: &str) -> Text {
    let mut text = [0; LEN];
    let words = Status::Forked.text().as_bytes();
    let room = LEN - words.len() - 3;
    let mut end = if name.len() < room { name.len() } else { room };
    // Inside a character are bytes that begin with the bits 10.
    while end < name.len() && name.as_bytes()[end] >> 6 == 0b10 {
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
    /// The text as a C string, for the host.
    pub(crate) fn get(&self) -> &CStr {
        CStr::from_bytes_until_nul(&self.0).unwrap_or_default()
    }
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
