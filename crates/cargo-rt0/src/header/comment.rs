//! Doc comments, carried over from Rust to C.

use rt0_abi::decode::is_hidden;

/// The longest line of our own text.
const WIDTH: usize = 88;

/// The text as a `/** ... */` comment, each line after `indent`. Empty when there is no text.
pub fn block(text: &str, indent: &str) -> String {
    frame(&clean(text), indent)
}

/// An author's docs, then our notes as a separate paragraph.
pub fn with_notes(docs: &str, notes: &[String]) -> String {
    let mut lines = clean(docs);
    if !lines.is_empty() && !notes.is_empty() {
        lines.push(String::new());
    }
    lines.extend(notes.iter().flat_map(|note| wrap(note)));
    frame(&lines, "")
}

/// The line at the top of a file.
pub fn first(text: &str) -> String {
    format!("/* {} */\n", harmless(text))
}

/// One of our own sentences.
pub fn sentence(text: &str, indent: &str) -> String {
    frame(&wrap(text), indent)
}

fn frame(lines: &[String], indent: &str) -> String {
    match lines {
        [] => String::new(),
        [line] => format!("{indent}/** {line} */\n"),
        lines => {
            let mut out = format!("{indent}/**\n");
            for line in lines {
                let space = if line.is_empty() { "" } else { " " };
                out.push_str(&format!("{indent} *{space}{line}\n"));
            }
            out.push_str(&format!("{indent} */\n"));
            out
        }
    }
}

fn wrap(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace().map(harmless) {
        match lines.last_mut() {
            Some(line) if line.len() + word.len() < WIDTH => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

/// The lines, without blank lines around them and without anything that could end the comment or make a
/// compiler warn.
fn clean(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.lines().map(harmless).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let blank = lines.iter().take_while(|line| line.is_empty()).count();
    lines.drain(..blank);
    // `/// text` arrives as " text".
    if lines.iter().all(|l| l.is_empty() || l.starts_with(' ')) {
        for line in lines.iter_mut().filter(|line| !line.is_empty()) {
            line.remove(0);
        }
    }
    lines
}

/// A line that ends no comment, opens none, does not continue on the next line and has no invisible
/// characters.
fn harmless(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        // `*/`, `/*`, and `??/`, which is a backslash to some compilers.
        if matches!(
            (out.as_bytes().last(), c),
            (Some(b'*'), '/') | (Some(b'/'), '*') | (Some(b'?'), '?')
        ) {
            out.push(' ');
        }
        match c {
            '\t' => out.push(c),
            c if c.is_control() => out.push(' '),
            c if is_hidden(c) => {}
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    if out.ends_with('\\') {
        out.push('.');
    }
    // After the star of the frame, a slash at the start would close the comment.
    if out.starts_with('/') {
        out.insert(0, ' ');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{block, with_notes};

    #[test]
    fn lines_keep_their_shape() {
        assert_eq!(block("", ""), "");
        assert_eq!(block(" \n \n", ""), "");
        assert_eq!(block(" One.", "  "), "  /** One. */\n");
        assert_eq!(
            block("\n One.\n\n   Two ä.\r\n", ""),
            "/**\n * One.\n *\n *   Two ä.\n */\n"
        );
    }

    #[test]
    fn notes_come_after_the_docs() {
        let notes = ["One. ".repeat(20), "Two.".to_owned()];
        let ones = "One. ".repeat(17);
        assert_eq!(
            with_notes(" Docs.", &notes),
            format!(
                "/**\n * Docs.\n *\n * {}\n * One. One. One.\n * Two.\n */\n",
                ones.trim()
            )
        );
        assert_eq!(with_notes("", &["Two.".to_owned()]), "/** Two. */\n");
    }

    #[test]
    fn nothing_inside_ends_the_comment_or_opens_another() {
        for text in [
            "*/",
            "**//",
            "/*",
            "/*/",
            "*/*",
            "/",
            "//**",
            "a\n/\nb",
            "??/",
            "*\u{202e}/",
            "/\u{2066}*",
            "*",
            "a\\",
            "a\\ ",
            "a\\\u{202e}",
            "*\\\n/",
            "????/",
            "?\u{200e}?/",
            "*\r/",
            "*\u{85}/",
            "*\u{2028}/",
            "*\u{c}\n/",
        ] {
            let comment = block(text, "");
            assert_eq!(comment.matches("*/").count(), 1, "{comment}");
            assert_eq!(comment.matches("/*").count(), 1, "{comment}");
            assert!(comment.ends_with("*/\n") && !comment.contains("??"));
            for line in comment.lines() {
                assert!(!line.trim_end().ends_with('\\'), "{comment}");
                assert!(!line.chars().any(rt0_abi::decode::is_hidden), "{comment:?}");
            }
        }
        assert_eq!(block("a\u{202e}b\u{1}c", ""), "/** ab c */\n");
    }
}
