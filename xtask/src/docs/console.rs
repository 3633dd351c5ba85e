//! Commands in pages. Each block of them is run by a test, or says why it is not.
//!
//! The mark is a comment above the block, which readers do not see: `<!-- run by PATH/OF/A/TEST.rs -->`, or
//! `<!-- not run: WHY -->`. Commands of `cargo xtask` need no mark: the tests of xtask read them ([`ours`]).

use super::files::Files;

/// A block of commands.
#[derive(Debug, PartialEq)]
pub struct Block<'a> {
    /// The number of its first line in the page.
    pub line: usize,
    /// Its lines.
    pub text: &'a str,
    /// The comment above it.
    pub mark: Option<&'a str>,
}

/// The blocks of commands in a page.
pub fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(begin) = rest.find("```") {
        let at = page.len() - rest.len() + begin;
        let after = &rest[begin + 3..];
        let (words, text) = after.split_once('\n').unwrap_or((after, ""));
        let end = text.find("```").unwrap_or(text.len());
        let starts_line = page[..at].ends_with('\n') || at == 0;
        if starts_line && ["console", "sh"].contains(&words.trim()) {
            found.push(Block {
                line: page[..at].matches('\n').count() + 2,
                text: &text[..end],
                mark: mark(&page[..at]),
            });
        }
        rest = text.get(end + 3..).unwrap_or("");
    }
    found
}

/// The comment with which this text ends.
fn mark(before: &str) -> Option<&str> {
    let before = before.trim_end().strip_suffix("-->")?;
    Some(before.rsplit_once("<!--")?.1.trim())
}

/// What was typed: in a block with prompts the lines behind them, otherwise all.
fn commands(text: &str) -> Vec<&str> {
    let typed: Vec<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix("$ "))
        .collect();
    match typed.is_empty() {
        true => text.lines().filter(|line| !line.is_empty()).collect(),
        false => typed,
    }
}

/// The commands of `cargo xtask` in a block, each as its words, if it has no others.
pub fn ours(text: &str) -> Option<Vec<Vec<&str>>> {
    let mut found = Vec::new();
    for command in commands(text) {
        let command = command.split(" #").next().unwrap_or(command).trim_end();
        let words: Vec<_> = command.split_whitespace().collect();
        if !words.starts_with(&["cargo", "xtask"]) || command.contains(['|', '&', ';', '>']) {
            return None;
        }
        found.push(words);
    }
    Some(found)
}

/// What is wrong with the blocks of a page.
pub fn problems(name: &str, page: &str, files: &Files) -> Vec<String> {
    let mut wrong = Vec::new();
    for block in blocks(page) {
        let problem = match block.mark {
            _ if ours(block.text).is_some() => continue,
            Some(mark) => match mark.split_once(':') {
                Some(("not run", why)) if !why.trim().is_empty() => continue,
                _ => match mark.strip_prefix("run by ") {
                    Some(test) if files.has(test) => continue,
                    Some(test) => {
                        format!("there is no {test}, which is said to run these commands")
                    }
                    None => UNMARKED.to_owned(),
                },
            },
            None => UNMARKED.to_owned(),
        };
        wrong.push(format!("{name}:{}: {problem}", block.line));
    }
    wrong
}

const UNMARKED: &str = "nobody knows whether these commands work. Run them in a test, and write \
    `<!-- run by crates/cargo-rt0/tests/documented.rs -->` (or the test's own path) above the block; or \
    `<!-- not run: WHY -->`";

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# A\n\n```console\n$ ls\nfile\n```\n\n<!-- run by tests/a.rs -->\n\n```sh\nls -l\n```\n\n\
        <!-- not run: it takes\nan hour -->\n```console\n$ cargo soak\n```\n\n```c\nint x;\n```\n\n\
        ```console\n$ cargo xtask lint   # all\n$ cargo xtask bench --quick\n```\n";

    #[test]
    fn blocks_have_the_marks_above_them() {
        let found = blocks(PAGE);
        let told: Vec<_> = found.iter().map(|b| (b.line, b.text, b.mark)).collect();
        assert_eq!(told[0], (4, "$ ls\nfile\n", None));
        assert_eq!(told[1], (11, "ls -l\n", Some("run by tests/a.rs")));
        assert_eq!(told[2].2, Some("not run: it takes\nan hour"));
        assert_eq!(found.len(), 4);
    }

    #[test]
    fn a_block_without_a_test_and_without_a_reason_is_a_problem() {
        let files = Files::of(&["tests/a.rs"]);
        let wrong = problems("a.md", PAGE, &files);
        assert_eq!(wrong.len(), 1);
        assert!(wrong[0].starts_with("a.md:4: nobody knows"), "{wrong:?}");
        let wrong = problems("a.md", &PAGE.replace("tests/a.rs", "tests/b.rs"), &files);
        assert!(wrong[1].contains("there is no tests/b.rs"), "{wrong:?}");
        let wrong = problems(
            "a.md",
            &PAGE.replace("not run: it takes\nan hour", "not run:"),
            &files,
        );
        assert_eq!(wrong.len(), 2, "{wrong:?}");
    }

    #[test]
    fn commands_of_xtask_are_told_from_others() {
        let lint = vec!["cargo", "xtask", "lint"];
        assert_eq!(
            ours("$ cargo xtask lint   # all\noutput\n"),
            Some(vec![lint])
        );
        assert_eq!(ours("cargo xtask lint && ls\n"), None);
        assert_eq!(ours("$ cargo xtask lint\n$ ls\n"), None);
    }
}
