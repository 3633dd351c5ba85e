//! Names that Python accepts, by its habits (PEP 8).

use super::super::taken::Taken;

/// Words that can't be names: a name that is one of them gets an underscore at its end.
const KEYWORDS: &[&str] = &[
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif",
    "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda",
    "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// Built-in types that hints and decorators name: a member of a class hides them in that class.
const TYPES: &[&str] = &[
    "bool",
    "bytes",
    "classmethod",
    "dict",
    "float",
    "int",
    "list",
    "object",
    "str",
    "tuple",
    "type",
];

/// What else the generated code uses, which a function or a parameter would hide.
const USED: &[&str] = &[
    "annotations",
    "cls",
    "globals",
    "isinstance",
    "keep",
    "len",
    "map",
    "property",
    "self",
    "zip",
];

/// Modules that Python 3.9 to 3.14 have themselves: `import` would find them, or they would not find each other.
#[rustfmt::skip]
pub(super) const STANDARD: &[&str] = &[
    "abc", "aifc", "argparse", "array", "ast", "asynchat", "asyncio", "asyncore", "atexit",
    "audioop", "base64", "bdb", "binascii", "binhex", "bisect", "builtins", "bz2", "calendar",
    "cgi", "cgitb", "chunk", "cmath", "cmd", "code", "codecs", "codeop", "collections", "colorsys",
    "compileall", "concurrent", "configparser", "contextlib", "contextvars", "copy", "copyreg",
    "crypt", "csv", "ctypes", "curses", "dataclasses", "datetime", "dbm", "decimal", "difflib",
    "dis", "distutils", "doctest", "email", "encodings", "ensurepip", "enum", "errno",
    "faulthandler", "fcntl", "filecmp", "fileinput", "fnmatch", "formatter", "fractions", "ftplib",
    "functools", "gc", "genericpath", "getopt", "getpass", "gettext", "glob", "graphlib", "grp",
    "gzip", "hashlib", "heapq", "hmac", "html", "http", "idlelib", "imaplib", "imghdr", "imp",
    "importlib", "inspect", "io", "ipaddress", "itertools", "json", "keyword", "lib2to3",
    "linecache", "locale", "logging", "lzma", "macpath", "mailbox", "mailcap", "marshal", "math",
    "mimetypes", "mmap", "modulefinder", "msilib", "msvcrt", "multiprocessing", "netrc", "nis",
    "nntplib", "nt", "ntpath", "nturl2path", "numbers", "opcode", "operator", "optparse", "os",
    "ossaudiodev", "parser", "pathlib", "pdb", "pickle", "pickletools", "pipes", "pkgutil",
    "platform", "plistlib", "poplib", "posix", "posixpath", "pprint", "profile", "pstats", "pty",
    "pwd", "py_compile", "pyclbr", "pydoc", "pydoc_data", "pyexpat", "queue", "quopri", "random",
    "re", "readline", "reprlib", "resource", "rlcompleter", "runpy", "sched", "secrets", "select",
    "selectors", "shelve", "shlex", "shutil", "signal", "site", "smtpd", "smtplib", "sndhdr",
    "socket", "socketserver", "spwd", "sqlite3", "sre_compile", "sre_constants", "sre_parse", "ssl",
    "stat", "statistics", "string", "stringprep", "struct", "subprocess", "sunau", "symbol",
    "symtable", "sys", "sysconfig", "syslog", "tabnanny", "tarfile", "telnetlib", "tempfile",
    "termios", "textwrap", "threading", "time", "timeit", "tkinter", "token", "tokenize", "tomllib",
    "trace", "traceback", "tracemalloc", "tty", "turtle", "turtledemo", "types", "typing",
    "unicodedata", "unittest", "urllib", "uu", "uuid", "venv", "warnings", "wave", "weakref",
    "webbrowser", "winreg", "winsound", "wsgiref", "xdrlib", "xml", "xmlrpc", "zipapp", "zipfile",
    "zipimport", "zlib", "zoneinfo",
];

/// Whether it can't be a module's name.
pub(super) fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
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

    /// The members of a class, of which it has these already.
    pub fn of_members(names: &[&str]) -> Scope {
        Scope {
            members: true,
            ..Scope::with(names)
        }
    }

    /// A free name like the wanted one, which has no underscore in front: those are ours.
    pub fn claim(&mut self, wanted: &str) -> String {
        let words = [KEYWORDS, TYPES, USED];
        let words = if self.members {
            &words[..2]
        } else {
            &words[..]
        };
        let is_word = words.iter().any(|words| words.contains(&wanted));
        self.taken.claim(wanted, is_word)
    }

    /// Whether it is free.
    pub fn is_free(&self, name: &str) -> bool {
        self.taken.is_free(name)
    }
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
    use super::{Scope, docstring};

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
        let mut members = Scope::of_members(&["close"]);
        for (wanted, given) in [
            ("len", "len"),
            ("int", "int_"),
            ("classmethod", "classmethod_"),
            ("close", "close_"),
        ] {
            assert_eq!(members.claim(wanted), given);
        }
    }

    #[test]
    fn no_text_ends_its_quotes() {
        assert_eq!(docstring(""), [""; 0]);
        assert_eq!(docstring("One."), ["\"\"\"One.\"\"\""]);
        assert_eq!(docstring("a \"b\" c"), ["\"\"\"a \"b\" c\"\"\""]);
        assert_eq!(docstring("a \"b\""), ["\"\"\"a \"b\\\"\"\"\""]);
        assert_eq!(docstring("\"\"\"\""), ["\"\"\"\\\"\\\"\\\"\\\"\"\"\""]);
        assert_eq!(docstring("a\\"), ["\"\"\"a\\\\\"\"\""]);
        assert_eq!(docstring("a\n\nb"), ["\"\"\"a", "", "b", "\"\"\""]);
    }
}
