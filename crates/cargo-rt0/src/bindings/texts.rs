//! Texts that several languages write alike.

/// The text as a sentence.
pub(super) fn sentence(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    if !text.is_empty() && !text.ends_with('.') {
        text.push('.');
    }
    text
}

/// A text as a literal in quotes, of letters that every editor shows: of Python and of Go.
pub(super) fn literal(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_ascii() && !c.is_ascii_control() => out.push(c),
            c => out.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

/// A version without what could end a comment, or means something in a file of a package.
pub(super) fn plain(version: &str) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || ".-+".contains(*c);
    version.chars().filter(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn no_text_ends_its_quotes() {
        assert_eq!(
            literal("a\"\\\n\u{e9}"),
            "\"a\\\"\\\\\\U0000000a\\U000000e9\""
        );
    }
}
