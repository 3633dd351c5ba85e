//! Lines for the person at the terminal. If standard error is closed, they are lost.

use std::io::{self, Write};

use rt0_abi::decode::{is_hidden, shown};

/// A line of progress in cargo's style.
pub fn say(verb: &str, what: &str) {
    line(&format!("{verb:>12} {what}"));
}

/// A line without a verb.
pub fn line(text: &str) {
    let _ = writeln!(io::stderr(), "{}", printable(text));
}

/// The text with a mark in place of each character that a terminal would obey instead of show. Line breaks
/// and tabs stay.
pub fn printable(text: &str) -> String {
    let plain = |c| {
        if matches!(c, '\n' | '\t') {
            c
        } else {
            shown(c)
        }
    };
    text.chars().map(plain).collect()
}

/// The same JSON with all such characters escaped; JSON itself requires that for only some of them.
pub fn json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '\n' && is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{json, printable};

    #[test]
    fn what_a_terminal_would_obey_is_marked_and_in_json_escaped() {
        let text = "a\n\tb\u{1b}[2J\u{9b}\u{7f}\u{202e}\u{2066}\u{e0041}ä\r";
        let marks = "a\n\tb\u{fffd}[2J\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}ä\u{fffd}";
        assert_eq!(printable(text), marks);
        let written = json(&serde_json::to_string_pretty(&[text]).unwrap());
        assert_eq!(printable(&written), written);
        let back: Vec<String> = serde_json::from_str(&written).unwrap();
        assert_eq!(back, [text]);
    }
}
