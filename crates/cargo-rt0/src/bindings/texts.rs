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

/// What a list of packages shows of a library's documentation: its first sentence, in one line.
pub(super) fn summary(docs: &str) -> String {
    let lines = docs.lines().map(str::trim);
    let first: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
    let first = first.join(" ");
    match first.find(". ") {
        Some(end) => first[..=end].to_owned(),
        None => first,
    }
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
    use super::{literal, summary};

    #[test]
    fn a_summary_is_a_sentence() {
        assert_eq!(
            summary("One that\ngoes on. Two.\n\nThree."),
            "One that goes on."
        );
        assert_eq!(summary("One\n\nTwo."), "One");
        assert_eq!(summary(""), "");
    }

    #[test]
    fn no_text_ends_its_quotes() {
        assert_eq!(
            literal("a\"\\\n\u{e9}"),
            "\"a\\\"\\\\\\U0000000a\\U000000e9\""
        );
    }
}
