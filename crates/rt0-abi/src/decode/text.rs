//! Text from a file, checked as it is read. A name that a tool writes into code has a type of its own, and
//! free text can't be written anywhere by accident.

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::borrow::Borrow;
use core::fmt::{self, Write as _};
use core::ops::Deref;

/// The longest name, in bytes. Real ones are far shorter, and a tool writes some of them many times.
const LONGEST: usize = 1024;

macro_rules! checked {
    ($(#[$doc:meta])+ $name:ident, $allowed:expr, $why:literal) => {
        $(#[$doc])+
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Checks the name.
            ///
            /// # Errors
            /// It has a character that such a name can't have, is empty, or is too long.
            pub fn new(text: impl Into<String>) -> Result<$name, &'static str> {
                let text = text.into();
                if text.is_empty() {
                    Err("a name is empty")
                } else if text.len() > LONGEST {
                    Err("a name has more than 1024 bytes")
                } else if !$allowed(text.as_str()) {
                    Err($why)
                } else {
                    Ok($name(text))
                }
            }
        }

        impl Deref for $name {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }
    };
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

checked! {
    /// A C identifier: letters from a to z, digits and underscores, and no digit first. It may still be a
    /// word that C has taken.
    Name,
    |text: &str| text.chars().all(is_word) && !text.starts_with(|c: char| c.is_ascii_digit()),
    "a name has a character that C does not allow in names"
}

checked! {
    /// A Rust name of a parameter, a field, a function or a crate.
    Word,
    |text: &str| text.chars().all(|c| is_word(c)
        || matches!(c, '-' | '#')
        || (!c.is_ascii() && !c.is_whitespace() && !is_hidden(c))),
    "a name has a character that Rust does not allow in names"
}

checked! {
    /// A symbol that an author chose by hand, perhaps by another language's naming scheme.
    Symbol,
    |text: &str| text.chars().all(|c| is_word(c) || matches!(c, '.' | '$' | '@' | '?'))
        && !text.starts_with('@'),
    "a symbol has a character that linkers do not allow in symbols"
}

/// Free text: a doc comment, a version. Code that shows it has to say for whom. [`Text::raw`] is for code
/// that escapes the text itself; `Display` replaces every character that could change how a terminal shows
/// the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(String);

impl Text {
    /// The text exactly as it is in the file.
    pub fn raw(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text(text.to_owned())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        Text(text)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| f.write_char(shown(c)))
    }
}

/// The character, or a replacement mark if it is hidden.
pub fn shown(c: char) -> char {
    if is_hidden(c) { '\u{fffd}' } else { c }
}

/// Whether a character is invisible and can change how the text after it is shown: a control character, a
/// change of the writing direction, a line break that is not `\n`, a tag.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
                | '\u{e0000}'..='\u{e007f}'
        )
}
