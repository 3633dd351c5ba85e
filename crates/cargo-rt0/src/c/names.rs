//! Names that C and C++ accept.

use std::collections::HashSet;

/// Words of C11, C23, C++17 and C++20, and macros that common headers and compilers define.
const RESERVED: &[&str] = &[
    "alignas",
    "alignof",
    "and",
    "and_eq",
    "asm",
    "assert",
    "atomic_cancel",
    "atomic_commit",
    "atomic_noexcept",
    "auto",
    "bitand",
    "bitor",
    "bool",
    "break",
    "case",
    "catch",
    "char",
    "char16_t",
    "char32_t",
    "char8_t",
    "class",
    "co_await",
    "co_return",
    "co_yield",
    "compl",
    "complex",
    "concept",
    "const",
    "const_cast",
    "consteval",
    "constexpr",
    "constinit",
    "continue",
    "decltype",
    "default",
    "delete",
    "do",
    "double",
    "dynamic_cast",
    "else",
    "enum",
    "errno",
    "explicit",
    "export",
    "extern",
    "false",
    "far",
    "float",
    "for",
    "friend",
    "goto",
    "i386",
    "if",
    "imaginary",
    "inline",
    "int",
    "interface",
    "linux",
    "long",
    "mutable",
    "namespace",
    "near",
    "new",
    "noexcept",
    "noreturn",
    "not",
    "not_eq",
    "nullptr",
    "operator",
    "or",
    "or_eq",
    "private",
    "protected",
    "public",
    "reflexpr",
    "register",
    "reinterpret_cast",
    "requires",
    "restrict",
    "return",
    "short",
    "signed",
    "sizeof",
    "static",
    "static_assert",
    "static_cast",
    "stderr",
    "stdin",
    "stdout",
    "struct",
    "switch",
    "synchronized",
    "template",
    "this",
    "thread_local",
    "throw",
    "true",
    "try",
    "typedef",
    "typeid",
    "typename",
    "typeof",
    "typeof_unqual",
    "union",
    "unix",
    "unsigned",
    "using",
    "virtual",
    "void",
    "volatile",
    "wchar_t",
    "while",
    "xor",
    "xor_eq",
    "I",
    "NULL",
];

/// The names of types that a header uses: a parameter of that name would hide the type.
const TYPES: &[&str] = &[
    "int8_t",
    "int16_t",
    "int32_t",
    "int64_t",
    "intptr_t",
    "uint8_t",
    "uint16_t",
    "uint32_t",
    "uint64_t",
    "uintptr_t",
    "size_t",
    "ptrdiff_t",
];

/// Whether the text is a name in C that a description may hold.
pub fn is_identifier(text: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.chars().all(word)
        && text.starts_with(|c: char| !c.is_ascii_digit())
        && !RESERVED.contains(&text)
        && !TYPES.contains(&text)
}

/// The names of one parameter list or one struct: each at most once.
#[derive(Default)]
pub struct Scope {
    taken: HashSet<String>,
}

impl Scope {
    /// A scope in which these names are taken.
    pub fn with<'a>(taken: impl IntoIterator<Item = &'a str>) -> Scope {
        Scope {
            taken: taken.into_iter().map(str::to_owned).collect(),
        }
    }

    /// A free name like the one wanted, which stays free with each suffix added as well.
    ///
    /// What C or C++ would not take, or what is taken, gets underscores at its end.
    pub fn claim(&mut self, wanted: &str, suffixes: &[&str]) -> String {
        let mut name = clean(wanted);
        let with = |name: &str, suffix: &&str| format!("{name}{suffix}");
        let free = |name: &str, taken: &HashSet<String>| {
            is_identifier(name)
                && !taken.contains(name)
                && suffixes.iter().all(|s| !taken.contains(&with(name, s)))
        };
        while !free(&name, &self.taken) {
            name.push('_');
        }
        let all = suffixes.iter().map(|s| with(&name, s));
        self.taken.extend(all.chain([name.clone()]));
        name
    }
}

/// Rust's names are not all C's: `r#type`, `größe`, `_`.
fn clean(wanted: &str) -> String {
    let wanted = wanted.strip_prefix("r#").unwrap_or(wanted);
    let word = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = wanted.chars().map(word).collect();
    if name.chars().all(|c| c == '_') {
        return "arg".to_owned();
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        return format!("_{name}");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::{Scope, is_identifier};

    #[test]
    fn a_keyword_or_a_taken_name_gets_an_underscore() {
        let mut scope = Scope::with(["out", "err"]);
        assert_eq!(scope.claim("class", &[]), "class_");
        assert_eq!(scope.claim("out", &[]), "out_");
        assert_eq!(scope.claim("word", &["_len"]), "word");
        assert_eq!(scope.claim("word_len", &[]), "word_len_");
        assert_eq!(scope.claim("r#int", &[]), "int_");
        assert_eq!(scope.claim("größe", &[]), "gr__e");
        assert_eq!(scope.claim("_", &[]), "arg");
        assert_eq!(scope.claim("_", &[]), "arg_");
        assert_eq!(scope.claim("size_t", &[]), "size_t_");
    }

    #[test]
    fn a_flattened_name_keeps_both_its_parts_free() {
        let mut scope = Scope::default();
        assert_eq!(scope.claim("text_len", &[]), "text_len");
        assert_eq!(scope.claim("text", &["_len"]), "text_");
    }

    #[test]
    fn only_plain_names_are_identifiers() {
        for good in ["a", "_x9", "Search_Hit"] {
            assert!(is_identifier(good), "{good}");
        }
        for bad in ["", "9a", "a b", "a\n", "ä", "int", "a;b", "a-b"] {
            assert!(!is_identifier(bad), "{bad}");
        }
    }
}
