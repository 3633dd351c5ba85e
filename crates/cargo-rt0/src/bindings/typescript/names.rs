//! Names that JavaScript accepts, by its habits.

use super::super::taken::Taken;

/// Words that can't be names in a module: a name that is one of them gets an underscore at its end.
const KEYWORDS: &[&str] = &[
    "arguments",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "eval",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "undefined",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// Types that TypeScript and the platform have, and that our declarations and code use: the library's own types don't
/// hide them.
const TYPES: &[&str] = &[
    "AbortSignal",
    "Array",
    "BigInt",
    "BigInt64Array",
    "BigUint64Array",
    "Boolean",
    "Buffer",
    "Error",
    "Float32Array",
    "Float64Array",
    "Function",
    "Int16Array",
    "Int32Array",
    "Int8Array",
    "Map",
    "Number",
    "Object",
    "Promise",
    "Record",
    "String",
    "Symbol",
    "Uint16Array",
    "Uint32Array",
    "Uint8Array",
];

/// The calls and types that every package has, under their names. A module with a `then` is taken for a promise.
pub(super) const OWN: &[&str] = &[
    "start",
    "wait",
    "state",
    "shutdown",
    "shutdownSync",
    "report",
    "events",
    "keep",
    "CallOptions",
    "LibraryError",
    "State",
    "then",
];

/// What every handle has, or what would make one something else.
pub(super) const MEMBERS: &[&str] = &["close", "constructor", "then"];

/// Modules that node has itself, which an import finds first; and the one that the package calls by.
#[rustfmt::skip]
pub(super) const STANDARD: &[&str] = &[
    "assert", "async_hooks", "buffer", "child_process", "cluster", "console", "constants", "crypto",
    "dgram", "diagnostics_channel", "dns", "domain", "events", "fs", "http", "http2", "https",
    "inspector", "koffi", "module", "net", "os", "path", "perf_hooks", "process", "punycode",
    "querystring", "readline", "repl", "stream", "string_decoder", "sys", "timers", "tls",
    "trace_events", "tty", "url", "util", "v8", "vm", "wasi", "worker_threads", "zlib",
];

/// Names of one place, of which none may be there twice.
#[derive(Default)]
pub(super) struct Scope {
    taken: Taken,
    /// Whether what stands here is reached by a dot.
    members: bool,
}

impl Scope {
    /// A place in which these names are taken.
    pub fn with(names: &[&str]) -> Scope {
        Scope {
            taken: Taken::with(&[names]),
            members: false,
        }
    }

    /// The members of something, of which it has these already.
    pub fn of_members(names: &[&str]) -> Scope {
        Scope {
            members: true,
            ..Scope::with(names)
        }
    }

    /// A free name like the wanted one, which has no underscore in front: those are ours.
    pub fn claim(&mut self, wanted: &str) -> String {
        let is_word = KEYWORDS.contains(&wanted) || TYPES.contains(&wanted);
        self.taken.claim(wanted, is_word && !self.members)
    }

    /// Whether it is free.
    pub fn is_free(&self, name: &str) -> bool {
        self.taken.is_free(name)
    }
}

/// A text as a literal, of JavaScript and of JSON.
pub(super) fn literal(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A doc comment's lines, which can't end the comment that they stand in.
pub(super) fn comment(text: &str) -> Vec<String> {
    let text = text.replace("*/", "*\\/");
    text.lines().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::{Scope, comment, literal};

    #[test]
    fn a_taken_name_gets_an_underscore_or_a_number() {
        let mut scope = Scope::with(&["wait"]);
        for (wanted, given) in [
            ("class", "class_"),
            ("class", "class_2"),
            ("wait", "wait_"),
            ("Error", "Error_"),
            ("plain", "plain"),
            ("plain", "plain_"),
            ("plain", "plain_2"),
        ] {
            assert_eq!(scope.claim(wanted), given);
        }
        assert!(!scope.is_free("plain") && scope.is_free("other"));
        let mut members = Scope::of_members(&["close"]);
        for (wanted, given) in [("delete", "delete"), ("close", "close_")] {
            assert_eq!(members.claim(wanted), given);
        }
    }

    #[test]
    fn no_text_ends_its_quotes_or_its_comment() {
        assert_eq!(literal("a\"\\\n\u{e9}"), "\"a\\\"\\\\\\n\u{e9}\"");
        assert_eq!(comment(""), [""; 0]);
        assert_eq!(comment("a */ b\n/* c"), ["a *\\/ b", "/* c"]);
    }
}
