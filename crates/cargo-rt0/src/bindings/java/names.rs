//! Names that Java accepts, by its habits, and texts in its comments.

use super::super::taken::Taken;

/// Words that can't be names: a name that is one of them gets an underscore at its end.
const KEYWORDS: &[&str] = &[
    "abstract",
    "assert",
    "boolean",
    "break",
    "byte",
    "case",
    "catch",
    "char",
    "class",
    "const",
    "continue",
    "default",
    "do",
    "double",
    "else",
    "enum",
    "extends",
    "false",
    "final",
    "finally",
    "float",
    "for",
    "goto",
    "if",
    "implements",
    "import",
    "instanceof",
    "int",
    "interface",
    "long",
    "native",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "short",
    "static",
    "strictfp",
    "super",
    "switch",
    "synchronized",
    "this",
    "throw",
    "throws",
    "transient",
    "true",
    "try",
    "void",
    "volatile",
    "while",
    "yield",
];

/// Methods that every object has.
const OF_OBJECTS: &[&str] = &[
    "clone",
    "equals",
    "finalize",
    "getClass",
    "hashCode",
    "notify",
    "notifyAll",
    "toString",
    "wait",
];

/// Types that the generated code names: a type of the library's would hide them.
const TYPES: &[&str] = &[
    "Arena",
    "ArrayList",
    "Arrays",
    "AssertionError",
    "AutoCloseable",
    "Boolean",
    "Byte",
    "Callbacks",
    "Character",
    "Check",
    "Class",
    "Cleaner",
    "CompletableFuture",
    "Double",
    "Duration",
    "Enum",
    "Error",
    "Exception",
    "Float",
    "Frame",
    "FunctionDescriptor",
    "FunctionalInterface",
    "Held",
    "IllegalArgumentException",
    "IllegalStateException",
    "Integer",
    "Iterable",
    "Library",
    "List",
    "Long",
    "Math",
    "Memory",
    "MemoryLayout",
    "MemorySegment",
    "MethodHandle",
    "MethodHandles",
    "Module",
    "Native",
    "Number",
    "Object",
    "Objects",
    "Ops",
    "Optional",
    "Override",
    "Package",
    "Process",
    "Record",
    "Reference",
    "Runnable",
    "Runtime",
    "RuntimeException",
    "SafeVarargs",
    "SegmentAllocator",
    "Short",
    "StandardCharsets",
    "State",
    "String",
    "StringBuilder",
    "StructLayout",
    "Structs",
    "SuppressWarnings",
    "System",
    "Thread",
    "Throwable",
    "UnsatisfiedLinkError",
    "ValueLayout",
    "Void",
    "X",
];

/// What the bodies of calls use.
const LOCALS: &[&str] = &[
    "code", "err", "frame", "given", "len", "op", "out", "queue", "result", "some", "tag",
    "timeout",
];

/// The calls that every package has.
const OWN: &[&str] = &[
    "await", "events", "keep", "report", "shutdown", "start", "state",
];

/// Whether a package can't be called so.
pub(super) fn is_taken(package: &str) -> bool {
    KEYWORDS.contains(&package) || ["java", "javax", "jdk", "sun"].contains(&package)
}

/// Names of one place, of which none may be there twice.
pub(super) struct Scope {
    taken: Taken,
}

impl Scope {
    fn with(lists: &[&[&str]]) -> Scope {
        Scope {
            taken: Taken::with(lists),
        }
    }

    /// The types of a package.
    pub fn of_types() -> Scope {
        Scope::with(&[TYPES])
    }

    /// The functions of a package.
    pub fn of_functions() -> Scope {
        Scope::with(&[KEYWORDS, OF_OBJECTS, OWN])
    }

    /// The methods of a handle.
    pub fn of_methods() -> Scope {
        Scope::with(&[KEYWORDS, OF_OBJECTS, &["close", "number", "taken"]])
    }

    /// What a call uses.
    pub fn of_locals() -> Scope {
        Scope::with(&[KEYWORDS, LOCALS])
    }

    /// The fields of a struct.
    pub fn of_fields() -> Scope {
        Scope::with(&[KEYWORDS, OF_OBJECTS])
    }

    /// The values of an enum.
    pub fn of_values() -> Scope {
        Scope::with(&[])
    }

    /// A free name like the wanted one.
    pub fn claim(&mut self, wanted: &str) -> String {
        self.taken.claim(wanted, false)
    }

    /// Whether it is free.
    pub fn is_free(&self, name: &str) -> bool {
        self.taken.is_free(name)
    }
}

/// A doc comment as the lines of a Javadoc comment, without its ends; no lines for no text.
pub(super) fn javadoc(text: &str) -> Vec<String> {
    let blank = |line: &str| line.trim().is_empty();
    let mut lines = Vec::new();
    for line in text.lines() {
        if blank(line) {
            if lines.last().is_some_and(|last: &String| last != "<p>") {
                lines.push("<p>".to_owned());
            }
            continue;
        }
        lines.push(escaped(line));
    }
    lines
}

/// A text that neither ends a comment nor means something to Javadoc. Java reads a backslash even there.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' => out.push_str("&#64;"),
            '\\' => out.push_str("&#92;"),
            '{' => out.push_str("&#123;"),
            '}' => out.push_str("&#125;"),
            '/' if out.ends_with('*') => out.push_str("&#47;"),
            c => out.push(c),
        }
    }
    out
}

/// A text in a file of Maven's.
pub(super) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '$' => out.push_str("&#36;"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Scope, javadoc, xml};

    #[test]
    fn a_taken_name_gets_an_underscore_or_a_number() {
        let mut scope = Scope::of_functions();
        for (wanted, given) in [
            ("class", "class_"),
            ("class", "class_2"),
            ("wait", "wait_"),
            ("state", "state_"),
            ("plain", "plain"),
            ("plain", "plain_"),
            ("plain", "plain_2"),
        ] {
            assert_eq!(scope.claim(wanted), given);
        }
        assert_eq!(Scope::of_types().claim("String"), "String_");
        for own in ["out", "err", "frame"] {
            assert_eq!(Scope::of_locals().claim(own), format!("{own}_"));
        }
    }

    #[test]
    fn no_text_ends_its_comment() {
        assert_eq!(javadoc(""), [""; 0]);
        assert_eq!(javadoc("a */ b"), ["a *&#47; b"]);
        assert_eq!(javadoc("\\u002a/"), ["&#92;u002a/"]);
        assert_eq!(
            javadoc("{@link X} <b>"),
            ["&#123;&#64;link X&#125; &lt;b&gt;"]
        );
        assert_eq!(javadoc("a\n\n\nb"), ["a", "<p>", "b"]);
        assert_eq!(xml("a <b> & ${c}\u{1}"), "a &lt;b&gt; &amp; &#36;{c}");
    }
}
