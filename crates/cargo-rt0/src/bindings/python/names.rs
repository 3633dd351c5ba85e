//! Names that Python accepts, by its habits (PEP 8).

use std::collections::HashSet;

/// Words that can't be names, and built-in names that the generated code uses: a name that is one of them gets an
/// underscore at its end.
const TAKEN: &[&str] = &[
    // Keywords.
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "class",
    "continue",
    "def",
    "del",
    "elif",
    "else",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "nonlocal",
    "not",
    "or",
    "pass",
    "raise",
    "return",
    "try",
    "while",
    "with",
    "yield",
    "match",
    "case",
    "type",
    // Built-in names.
    "bool",
    "bytearray",
    "bytes",
    "dict",
    "float",
    "int",
    "len",
    "list",
    "max",
    "min",
    "object",
    "property",
    "range",
    "self",
    "cls",
    "set",
    "str",
    "super",
    "tuple",
    "zip",
    "map",
    "isinstance",
    "print",
    "id",
    "input",
    "iter",
    "next",
    "open",
    "hash",
    "filter",
    "format",
    "sum",
    "sorted",
    "slice",
    "vars",
    "dir",
    "all",
    "any",
    "abs",
    "round",
    "repr",
    "memoryview",
    "annotations",
];

/// Whether it can't be a module's name.
pub(super) fn is_keyword(name: &str) -> bool {
    TAKEN
        .iter()
        .take_while(|word| **word != "bool")
        .any(|word| *word == name)
}

/// The calls that every package has, under their names.
pub(super) const OWN: &[&str] = &[
    "start",
    "wait",
    "state",
    "shutdown",
    "report",
    "events",
    "keep",
    "Error",
    "LibraryError",
    "State",
];

/// Names of one place, of which none may be there twice.
#[derive(Default)]
pub(super) struct Scope(HashSet<String>);

impl Scope {
    /// A place in which these names are taken.
    pub fn with(names: &[&str]) -> Scope {
        Scope(names.iter().map(|&name| name.to_owned()).collect())
    }

    /// A free name like the wanted one, which has no underscore in front: those are ours.
    pub fn claim(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 2;
        if TAKEN.contains(&wanted) || self.0.contains(&name) {
            name.push('_');
        }
        while self.0.contains(&name) {
            name = format!("{wanted}_{number}");
            number += 1;
        }
        self.0.insert(name.clone());
        name
    }

    /// Whether it is free.
    pub fn is_free(&self, name: &str) -> bool {
        !self.0.contains(name)
    }
}

/// A text as a literal.
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

/// A doc comment as a docstring's lines, with its quotes; no lines for no text.
pub(super) fn docstring(text: &str) -> Vec<String> {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    // Quotes are fine inside, except three in a row and one at the end.
    let text = text.replace("\\\"\\\"\\\"", "\u{0}");
    let text = text.replace("\\\"", "\"").replace('\u{0}', "\\\"\\\"\\\"");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let Some(last) = lines.last_mut() else {
        return lines;
    };
    if last.ends_with('"') {
        last.pop();
        last.push_str("\\\"");
    }
    if lines.len() > 1 {
        lines.push("\"\"\"".to_owned());
    } else {
        lines[0].push_str("\"\"\"");
    }
    lines[0].insert_str(0, "\"\"\"");
    lines
}

#[cfg(test)]
mod tests {
    use super::{Scope, docstring, literal};

    #[test]
    fn a_taken_name_gets_an_underscore_or_a_number() {
        let mut scope = Scope::with(&["wait"]);
        for (wanted, given) in [
            ("class", "class_"),
            ("class", "class_2"),
            ("wait", "wait_"),
            ("plain", "plain"),
            ("plain", "plain_"),
            ("plain", "plain_2"),
            ("len", "len_"),
        ] {
            assert_eq!(scope.claim(wanted), given);
        }
        assert!(!scope.is_free("plain") && scope.is_free("other"));
    }

    #[test]
    fn no_text_ends_its_quotes() {
        assert_eq!(
            literal("a\"\\\n\u{e9}"),
            "\"a\\\"\\\\\\U0000000a\\U000000e9\""
        );
        assert_eq!(docstring(""), [""; 0]);
        assert_eq!(docstring("One."), ["\"\"\"One.\"\"\""]);
        assert_eq!(docstring("a \"b\" c"), ["\"\"\"a \"b\" c\"\"\""]);
        assert_eq!(docstring("a \"b\""), ["\"\"\"a \"b\\\"\"\"\""]);
        assert_eq!(docstring("\"\"\"\""), ["\"\"\"\\\"\\\"\\\"\\\"\"\"\""]);
        assert_eq!(docstring("a\\"), ["\"\"\"a\\\\\"\"\""]);
        assert_eq!(docstring("a\n\nb"), ["\"\"\"a", "", "b", "\"\"\""]);
    }
}
