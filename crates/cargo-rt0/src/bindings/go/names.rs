//! Names that Go accepts, by its habits, and doc comments that gofmt leaves as they are.

use super::super::model::Named;
use super::super::taken::Taken;

/// Words that can't be names.
const KEYWORDS: &[&str] = &[
    "break",
    "case",
    "chan",
    "const",
    "continue",
    "default",
    "defer",
    "else",
    "fallthrough",
    "for",
    "func",
    "go",
    "goto",
    "if",
    "import",
    "interface",
    "map",
    "package",
    "range",
    "return",
    "select",
    "struct",
    "switch",
    "type",
    "var",
];

/// Names that every package of Go has, and what the bodies of functions use: a parameter would hide it.
const USED: &[&str] = &[
    "any",
    "append",
    "bool",
    "byte",
    "cap",
    "clear",
    "close",
    "comparable",
    "complex",
    "copy",
    "delete",
    "error",
    "false",
    "float32",
    "float64",
    "imag",
    "int",
    "int16",
    "int32",
    "int64",
    "int8",
    "iota",
    "len",
    "make",
    "max",
    "min",
    "new",
    "nil",
    "panic",
    "print",
    "println",
    "real",
    "recover",
    "rune",
    "string",
    "true",
    "uint",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "uintptr",
    // Imports.
    "context",
    "runtime",
    "time",
    "unsafe",
    // Functions and variables of the package's own.
    "begun",
    "ctx",
    "ended",
    "enter",
    "enterBare",
    "err",
    "failure",
    "lifetime",
    "load",
    "ms",
    "must",
    "op",
    "optionalText",
    "queue",
    "r",
    "run",
    "tag",
    "takeSlice",
    "takeText",
    "value",
];

/// The exported names that every package has.
const OWN: &[&str] = &[
    "Code",
    "CurrentState",
    "Error",
    "Event",
    "Events",
    "Forever",
    "Keep",
    "Lifetime",
    "Load",
    "Report",
    "SetUncaught",
    "Shutdown",
    "Some",
    "Start",
    "State",
    "Wait",
];

/// Words that are written in capitals.
const INITIALISMS: &[&str] = &[
    "acl", "api", "ascii", "cpu", "css", "dns", "eof", "guid", "html", "http", "https", "id", "ip",
    "json", "qps", "ram", "rpc", "sla", "smtp", "sql", "ssh", "tcp", "tls", "ttl", "udp", "ui",
    "uid", "uri", "url", "utf8", "uuid", "vm", "xml",
];

fn capital(word: &str) -> String {
    if INITIALISMS.contains(&word) {
        return word.to_ascii_uppercase();
    }
    let mut all = word.to_owned();
    if let Some(first) = all.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    all
}

/// `CountWords`, `PageURL`
pub(super) fn exported(name: &Named) -> String {
    name.words.iter().map(|word| capital(word)).collect()
}

/// `countWords`, `pageURL`
pub(super) fn local(name: &Named) -> String {
    let (first, rest) = name.words.split_first().expect("a name has a word");
    let rest = rest.iter().map(|word| capital(word));
    std::iter::once(first.clone()).chain(rest).collect()
}

/// Names of one place, of which none may be there twice.
#[derive(Default)]
pub(super) struct Scope(Taken);

impl Scope {
    /// The package: what it has itself is taken.
    pub fn of_package() -> Scope {
        Scope(Taken::with(&[OWN]))
    }

    /// The methods of a handle.
    pub fn of_handle() -> Scope {
        Scope(Taken::with(&[&["Close"]]))
    }

    /// The parameters and variables of a function.
    pub fn of_function() -> Scope {
        Scope(Taken::with(&[KEYWORDS, USED]))
    }

    /// A free name like the wanted one.
    pub fn claim(&mut self, wanted: &str) -> String {
        self.0.claim_next(wanted)
    }
}

/// Packages that Go has itself, which an import finds first.
#[rustfmt::skip]
pub(super) const STANDARD: &[&str] = &[
    "archive", "bufio", "bytes", "cmp", "compress", "container", "context", "crypto", "database",
    "debug", "embed", "encoding", "errors", "expvar", "flag", "fmt", "go", "hash", "html", "image",
    "index", "io", "iter", "log", "maps", "math", "mime", "net", "os", "path", "plugin", "reflect",
    "regexp", "runtime", "slices", "sort", "strconv", "strings", "structs", "sync", "syscall",
    "testing", "text", "time", "unicode", "unique", "unsafe", "weak",
];

/// A package's name as Go has it.
pub(super) fn package(name: &str) -> String {
    let taken = ["main", "init", "internal", "vendor"];
    let taken = taken.contains(&name) || KEYWORDS.contains(&name) || USED.contains(&name);
    // A name of several words is written in one.
    match taken {
        true => format!("{name}_"),
        false => name.to_owned(),
    }
}

/// A text in Markdown as the lines of a doc comment that gofmt has nothing to change in: code is indented, headings
/// stand alone, and nothing else is indented.
pub(super) fn comment(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut code = false;
    for line in text.lines() {
        let plain = line.trim();
        if plain.starts_with("```") {
            code = !code;
            blank(&mut lines);
        } else if plain.is_empty() {
            blank(&mut lines);
        } else if code {
            // Rust's own lines that its documentation hides.
            if plain != "#" && !plain.starts_with("# ") {
                lines.push(format!("\t{}", line.trim_end()));
            }
        } else if let Some(heading) = plain.strip_prefix('#') {
            blank(&mut lines);
            lines.push(heading.trim_start_matches('#').trim().to_owned() + ":");
            blank(&mut lines);
        } else {
            lines.push(prose(plain));
        }
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

fn blank(lines: &mut Vec<String>) {
    if lines.last().is_some_and(|line| !line.is_empty()) {
        lines.push(String::new());
    }
}

/// A line that is no definition of a link, which would be moved, and has no pairs of quotes, which would become one.
fn prose(line: &str) -> String {
    let line = line.replace("``", "`").replace("''", "\"");
    match line.split_once("]:") {
        Some((name, rest)) if line.starts_with('[') => format!("{}:{rest}", &name[1..]),
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::model::Named;
    use super::{Scope, comment, exported, local, package};

    #[test]
    fn names_are_written_as_go_does() {
        for (name, public, own) in [
            ("count_words", "CountWords", "countWords"),
            ("page_url", "PageURL", "pageURL"),
            ("Id", "ID", "id"),
            ("http_get", "HTTPGet", "httpGet"),
            ("u8_to_u16", "U8ToU16", "u8ToU16"),
        ] {
            let name = Named::new(name);
            assert_eq!((&*exported(&name), &*local(&name)), (public, own));
        }
    }

    #[test]
    fn a_taken_name_gets_an_underscore_or_a_number() {
        let mut names = Scope::of_function();
        for (wanted, given) in [
            ("func", "func_"),
            ("func", "func_3"),
            ("len", "len_"),
            ("ctx", "ctx_"),
            ("plain", "plain"),
            ("plain", "plain_"),
        ] {
            assert_eq!(names.claim(wanted), given);
        }
        assert_eq!(Scope::of_package().claim("Wait"), "Wait_");
        assert_eq!(Scope::of_handle().claim("Close"), "Close_");
        assert_eq!(package("shop"), "shop");
        assert_eq!(package("main"), "main_");
        assert_eq!(package("type"), "type_");
    }

    #[test]
    fn gofmt_has_nothing_to_change_in_a_comment() {
        let text =
            "One.\n\n\n# Errors\nTwo:\n\n- a\n  b\n```\n# hidden\nlet a;\n  b\n```\n[x]: y\n";
        let lines = [
            "One.", "", "Errors:", "", "Two:", "", "- a", "b", "", "\tlet a;", "\t  b", "", "x: y",
        ];
        assert_eq!(comment(text), lines);
    }
}
