//! Names that C and C++ accept.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use rt0_abi::decode::Name;

use super::Known;

/// Keywords of C11, C23, C++17 and C++20, and macros that common headers and compilers define.
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
    "contract_assert",
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
    "int_fast8_t",
    "int_fast16_t",
    "int_fast32_t",
    "int_fast64_t",
    "int_least8_t",
    "int_least16_t",
    "int_least32_t",
    "int_least64_t",
    "intmax_t",
    "max_align_t",
    "nullptr_t",
    "uint_fast8_t",
    "uint_fast16_t",
    "uint_fast32_t",
    "uint_fast64_t",
    "uint_least8_t",
    "uint_least16_t",
    "uint_least32_t",
    "uint_least64_t",
    "uintmax_t",
];

/// Macros of the headers of C, of POSIX and of common systems, one per line: those with an underscore between
/// two words, as in every name in a header, and those that look like a parameter's name. To renew them, run
/// `gcc -E -dM` on each header.
const MACROS: &str = include_str!("macros.txt");

static TAKEN: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let macros = MACROS
        .lines()
        .map(|name| (name, "it is a macro of C's headers"));
    let types = TYPES
        .iter()
        .map(|name| (*name, "it is a type of C's headers"));
    let words = RESERVED
        .iter()
        .map(|name| (*name, "C or C++ reserves that word"));
    macros.chain(types).chain(words).collect()
});

/// Why a name can't stand at file scope in a header, or `None` if it can.
pub fn refusal(name: &Name) -> Option<&'static str> {
    if is_reserved(name) {
        return Some("such names are reserved for the compiler");
    }
    TAKEN.get(&**name).copied()
}

/// Whether the compiler may define such a name as a macro.
fn is_reserved(name: &str) -> bool {
    let after = |c: char| c == '_' || c.is_ascii_uppercase();
    name.strip_prefix('_')
        .is_some_and(|rest| rest.starts_with(after))
}

/// A constant's name in the header: unchanged, or with an underscore at the end if C's headers define it.
pub fn constant(name: &str) -> String {
    match TAKEN.get(name) {
        Some(_) => with_suffix(name, "_"),
        None => name.to_owned(),
    }
}

/// Adds a suffix without making two underscores in a row, which are reserved in C++.
fn with_suffix(name: &str, suffix: &str) -> String {
    format!("{}{suffix}", name.strip_suffix('_').unwrap_or(name))
}

/// The name of the length parameter that belongs to another: `text_len`.
pub fn length(name: &str) -> String {
    with_suffix(name, LENGTH)
}

const LENGTH: &str = "_len";

/// The names of one parameter list or one struct: no name twice, and none that is a type's.
pub struct Scope<'a> {
    known: &'a Known<'a>,
    taken: HashSet<String>,
    /// How many candidates were already tried for each wanted name.
    tried: HashMap<String, usize>,
}

impl<'a> Scope<'a> {
    /// A scope in which the names of these types are taken.
    pub fn beside(known: &'a Known<'a>) -> Scope<'a> {
        Scope {
            known,
            taken: HashSet::new(),
            tried: HashMap::new(),
        }
    }

    /// Takes one of our own names.
    pub fn take(&mut self, name: &str) {
        self.taken.insert(name.to_owned());
    }

    /// A free name like the wanted one.
    ///
    /// A name that C or C++ would not accept, that looks like a macro, or that is taken, gets an underscore
    /// at the end, or then a number. The same wanted names always give the same names.
    pub fn claim(&mut self, wanted: &str) -> String {
        self.claim_with(wanted, |_| None)
    }

    /// Like `claim`, for a name whose [`length`] must be free as well.
    pub fn claim_two(&mut self, wanted: &str) -> String {
        self.claim_with(wanted, |name| Some(length(name)))
    }

    fn claim_with(&mut self, wanted: &str, second: fn(&str) -> Option<String>) -> String {
        let base = clean(wanted);
        // Continues where the last search for the same name ended: many equal names cost no more than others.
        let mut tried = self.tried.get(&base).copied().unwrap_or(0);
        let (name, second) = loop {
            let name = nth(&base, tried);
            let second = second(&name);
            tried += 1;
            if self.is_free(&name) && second.as_deref().is_none_or(|name| self.is_free(name)) {
                break (name, second);
            }
        };
        self.tried.insert(base, tried);
        self.taken.extend(second);
        self.taken.insert(name.clone());
        name
    }

    fn is_free(&self, name: &str) -> bool {
        !TAKEN.contains_key(name) && !self.known.is_type(name) && !self.taken.contains(name)
    }
}

/// `class`, `class_`, `class_2`, `class_3`
fn nth(base: &str, tried: usize) -> String {
    match tried {
        0 => base.to_owned(),
        1 => with_suffix(base, "_"),
        tried => with_suffix(base, &format!("_{tried}")),
    }
}

/// Not every Rust name is valid in C: `r#type`, `größe`, `_`. Two underscores in a row, or one in front of a
/// capital, are reserved for the compiler, and capitals are for macros.
fn clean(wanted: &str) -> String {
    let wanted = wanted.strip_prefix("r#").unwrap_or(wanted);
    let mut name = String::new();
    for c in wanted.chars() {
        match c {
            c if c.is_ascii_alphanumeric() => name.push(c),
            _ if name.ends_with('_') => {}
            _ => name.push('_'),
        }
    }
    if name.chars().all(|c| c == '_') {
        return "arg".to_owned();
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        return format!("_{name}");
    }
    if is_reserved(&name) {
        return format!("arg{name}");
    }
    // By convention such a name is a macro's in any header.
    if name.starts_with(|c: char| c.is_ascii_uppercase()) {
        return with_suffix(&name, "_");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::{MACROS, Name, Scope, constant, refusal};
    use crate::c::Known;

    #[test]
    fn a_keyword_or_a_taken_name_gets_an_underscore() {
        let known = Known::default();
        let mut scope = Scope::beside(&known);
        scope.take("out");
        for (wanted, given) in [
            ("class", "class_"),
            ("class_", "class_2"),
            ("out", "out_"),
            ("out", "out_2"),
            ("r#int", "int_"),
            ("größe", "gr_e"),
            ("_", "arg"),
            ("_", "arg_"),
            ("_", "arg_2"),
            ("size_t", "size_t_"),
            ("UINT32_MAX", "UINT32_MAX_"),
            ("UINT32_MAX", "UINT32_MAX_2"),
            ("EOF", "EOF_"),
            ("SIGINT", "SIGINT_"),
            ("NAN", "NAN_"),
            ("SOME_HEADERS_OWN", "SOME_HEADERS_OWN_"),
            ("st_atime", "st_atime_"),
            ("sa_handler", "sa_handler_"),
            ("si_pid", "si_pid_"),
            ("errno", "errno_"),
            ("stdin", "stdin_"),
            ("__x", "_x"),
            ("a__b", "a_b"),
            ("_Bool", "arg_Bool"),
            ("__LINE__", "arg_LINE_"),
            ("plain", "plain"),
        ] {
            assert_eq!(scope.claim(wanted), given);
        }
    }

    #[test]
    fn a_flattened_name_keeps_both_its_parts_free() {
        let known = Known::default();
        let mut scope = Scope::beside(&known);
        assert_eq!(scope.claim_two("word"), "word");
        assert_eq!(scope.claim("word_len"), "word_len_");
        assert_eq!(scope.claim("text_len"), "text_len");
        assert_eq!(scope.claim_two("text"), "text_2");
        assert_eq!(scope.claim("text_2_len"), "text_2_len_");
        assert_eq!(scope.claim_two("class"), "class_");
        assert_eq!(scope.claim("class_len"), "class_len_");
    }

    /// If each search began from scratch, this would take half an hour.
    #[test]
    fn many_equal_names_cost_no_more_than_others() {
        let known = Known::default();
        let mut scope = Scope::beside(&known);
        for at in 0..40_000 {
            scope.claim(&format!("b_{at}"));
        }
        for _ in 0..40_000 {
            scope.claim("a");
            scope.claim_two("a_");
            scope.claim("b");
        }
        let total: usize = scope.tried.values().sum();
        assert!(total < 10 * 40_000, "{total} names were tried");
    }

    #[test]
    fn what_c_has_taken_is_refused_at_file_scope_with_the_reason() {
        for (name, why) in [
            ("co_await", "word"),
            ("static_assert", "word"),
            ("thread_local", "word"),
            ("int32_t", "type"),
            ("st_atime", "macro"),
            ("obstack_free", "macro"),
            ("__x", "compiler"),
            ("_Exit", "compiler"),
        ] {
            let refused = refusal(&Name::new(name).unwrap());
            assert!(
                refused.is_some_and(|text| text.contains(why)),
                "{name}: {refused:?}"
            );
        }
        for good in ["a", "_x9", "Search_Hit", "x__y"] {
            assert_eq!(refusal(&Name::new(good).unwrap()), None);
        }
        assert_eq!(constant("X_OK"), "X_OK_");
        assert_eq!(constant("INT_LEAST8_MAX"), "INT_LEAST8_MAX_");
        assert_eq!(constant("SEARCH_OK"), "SEARCH_OK");
        assert!(MACROS.lines().all(|name| Name::new(name).is_ok()));
    }
}
