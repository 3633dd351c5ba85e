//! Doc comments, carried from Rust to C.

/// The longest line of text of our own.
const WIDTH: usize = 88;

/// The text as a `/** ... */` comment, each line after `indent`. Empty when there is no text.
pub fn block(text: &str, indent: &str) -> String {
    frame(&clean(text), indent)
}

/// An author's docs, then notes of ours as a paragraph of their own.
pub fn with_notes(docs: &str, notes: &[String]) -> String {
    let mut lines = clean(docs);
    if !lines.is_empty() && !notes.is_empty() {
        lines.push(String::new());
    }
    lines.extend(notes.iter().flat_map(|note| wrap(note)));
    frame(&lines, "")
}

/// A sentence of our own.
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

/// The lines, without the blank ones around them and without what could end the comment or make a
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

fn harmless(line: &str) -> String {
    let visible = line.chars().filter(|c| !turns_direction(*c));
    let mut line: String = visible
        .map(|c| if c.is_control() && c != '\t' { ' ' } else { c })
        .collect();
    // Again and again: taking one apart can leave another, as in `**//`.
    for (bad, good) in [("*/", "* /"), ("/*", "/ *"), ("??/", "? ?/")] {
        while line.contains(bad) {
            line = line.replace(bad, good);
        }
    }
    if line.ends_with('\\') {
        line.push('.');
    }
    // A line that begins with a slash would close the comment with the star before it.
    if line.starts_with('/') {
        line.insert(0, ' ');
    }
    line.trim_end().to_owned()
}

/// Characters that change the direction of writing: compilers warn of them in comments.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}')
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
            "*/", "**//", "/*", "/*/", "*/*", "/", "//**", "a\n/\nb", "??/",
        ] {
            let comment = block(text, "");
            assert_eq!(comment.matches("*/").count(), 1, "{comment}");
            assert_eq!(comment.matches("/*").count(), 1, "{comment}");
            assert!(comment.ends_with("*/\n") && !comment.contains("??/"));
        }
        assert_eq!(block("a\u{202e}b\u{1}c", ""), "/** ab c */\n");
    }
}
