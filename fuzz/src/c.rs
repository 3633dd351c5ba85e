//! A C reader that knows what a header of ours may contain, but not how it was written.

use std::collections::HashSet;

use rt0_abi::decode::{Description, Export, Gives, is_hidden};

/// The words of the fixed text: keywords, types of C's headers, our own parameters.
const FIXED: [&str; 60] = [
    "ifndef",
    "define",
    "include",
    "ifdef",
    "endif",
    "stdbool",
    "stddef",
    "stdint",
    "h",
    "__cplusplus",
    "extern",
    "enum",
    "typedef",
    "struct",
    "const",
    "void",
    "bool",
    "char",
    "float",
    "double",
    "int8_t",
    "int16_t",
    "int32_t",
    "int64_t",
    "uint8_t",
    "uint16_t",
    "uint32_t",
    "uint64_t",
    "size_t",
    "ptrdiff_t",
    "UINT64_C",
    "INT64_C",
    "timeout_ms",
    "ptr",
    "handle",
    "intptr_t",
    "queue",
    "tag",
    "tags",
    "op",
    "limit",
    "done",
    "user",
    "room",
    "count",
    "fd",
    "level",
    "event",
    "out",
    "out_len",
    "out_some",
    "err",
    "RT0_H",
    "ABI_VERSION",
    "OK",
    "ERROR",
    "STATE",
    "UL",
    "arg",
    "C",
];

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Number(String),
    Text(String),
    Mark(char),
    Line,
}

/// Checks that the header contains what the description declares and nothing else.
///
/// # Panics
/// It contains something else, or lacks something.
pub fn judge(text: &str, read: &Description) {
    for c in text.chars() {
        assert!(!is_hidden(c) || c == '\n' || c == '\t', "{c:?} in\n{text}");
    }
    let tokens = tokens(text);
    let allowed = Allowed::of(read);
    for token in &tokens {
        match token {
            Token::Word(word) => assert!(allowed.word(word), "`{word}` in\n{text}"),
            Token::Text(inside) => assert_eq!(inside, "C", "in\n{text}"),
            Token::Number(_) | Token::Line => {}
            Token::Mark(mark) => {
                assert!("#<>.{}()[];,=*-".contains(*mark), "`{mark}` in\n{text}");
            }
        }
    }
    shape(&tokens, read, text);
}

/// Splits the text into tokens without comments, after handling trigraphs and continued lines, as a compiler
/// does.
fn tokens(text: &str) -> Vec<Token> {
    let text = text.replace("??/", "\\").replace("\\\n", "");
    let chars: Vec<char> = text.chars().collect();
    let (mut at, mut out) = (0, Vec::new());
    while let Some(&c) = chars.get(at) {
        let until = |from: usize, stop: &dyn Fn(char) -> bool| {
            (from..chars.len())
                .find(|i| stop(chars[*i]))
                .unwrap_or(chars.len())
        };
        match c {
            '/' if chars.get(at + 1) == Some(&'*') => {
                let end = (at + 2..chars.len()).find(|i| chars[*i..].starts_with(&['*', '/']));
                at = end.expect("a comment has an end") + 2;
                continue;
            }
            '\n' => out.push(Token::Line),
            c if c.is_whitespace() => {}
            '"' => {
                let end = until(at + 1, &|c| c == '"' || c == '\n');
                out.push(Token::Text(chars[at + 1..end].iter().collect()));
                at = end;
            }
            c if c.is_ascii_alphabetic() || c == '_' => {
                let end = until(at, &|c| !(c.is_ascii_alphanumeric() || c == '_'));
                out.push(Token::Word(chars[at..end].iter().collect()));
                at = end;
                continue;
            }
            c if c.is_ascii_digit() => {
                let end = until(at, &|c| !c.is_ascii_alphanumeric());
                out.push(Token::Number(chars[at..end].iter().collect()));
                at = end;
                continue;
            }
            c => out.push(Token::Mark(c)),
        }
        at += 1;
    }
    out
}

/// The words that may occur in a header.
struct Allowed {
    exact: HashSet<String>,
    /// Names that may be changed so that C accepts them: only their letters and digits.
    like: HashSet<String>,
}

impl Allowed {
    fn of(read: &Description) -> Allowed {
        let mut exact: HashSet<String> = FIXED.iter().map(|word| (*word).to_owned()).collect();
        let mut like = HashSet::new();
        if let Some(library) = &read.library {
            let upper = library.prefix.to_ascii_uppercase();
            let codes = rt0_abi::Status::ALL
                .iter()
                .map(|status| status.name().to_owned());
            let states = [
                "COLD",
                "SCHEDULED",
                "BOOTING",
                "READY",
                "FAILED",
                "STOPPING",
                "RETRYING",
            ];
            let states = states.iter().map(|name| format!("STATE_{name}"));
            let own = ["OK", "ERROR", "ABI_VERSION", "RT0_H"].map(str::to_owned);
            for name in codes.chain(states).chain(own) {
                exact.insert(format!("{upper}_{name}"));
                exact.insert(format!("{upper}_{name}_"));
            }
            exact.extend(
                rt0_abi::LIFECYCLE
                    .iter()
                    .map(|name| format!("{}_{name}", library.prefix)),
            );
            if library.ops {
                let names = rt0_abi::OPS.iter();
                exact.extend(names.map(|name| format!("{}_{name}", library.prefix)));
            }
            if library.events {
                exact.insert(format!("{}_{}", library.prefix, rt0_abi::EVENTS));
            }
        } else {
            exact.insert("SOME_LIB_2_RT0_H".to_owned());
        }
        if has_op_types(read) {
            let library = read.library.as_ref();
            let prefix = library.map_or("some_lib_2", |library| &library.prefix);
            let names = rt0_abi::OP_TYPES.iter();
            exact.extend(names.map(|name| format!("{prefix}_{name}")));
        }
        let mut part = |name: &str| {
            let name = letters(name);
            like.insert(format!("{name}len"));
            like.insert(format!("arg{name}"));
            like.insert(name);
        };
        for export in &read.exports {
            exact.insert(export.symbol.to_string());
            if is_async(export) {
                exact.insert(format!("{}_begin", export.symbol));
                exact.insert(format!("{}_end", export.symbol));
            }
            export.params.iter().for_each(|param| part(&param.name));
        }
        for item in &read.structs {
            exact.insert(item.name.to_string());
            item.fields.iter().for_each(|field| part(&field.name));
        }
        for item in &read.enums {
            exact.insert(item.name.to_string());
            for variant in &item.variants {
                exact.insert(variant.name.to_string());
                exact.insert(format!("{}_", variant.name));
            }
        }
        for item in &read.handles {
            exact.insert(item.name.to_string());
            exact.insert(format!("{}_free", item.name));
        }
        like.insert("arg".to_owned());
        like.insert("arglen".to_owned());
        Allowed { exact, like }
    }

    fn word(&self, word: &str) -> bool {
        if self.exact.contains(word) {
            return true;
        }
        // A number at the end, before or after `len`, tells equal names apart.
        let bare = word.strip_suffix("_len").unwrap_or(word);
        let number = |word: &str| letters(word.trim_end_matches(|c: char| c.is_ascii_digit()));
        let forms = [letters(word), number(word), letters(bare), number(bare)];
        forms.iter().any(|form| self.like.contains(form))
    }
}

fn letters(name: &str) -> String {
    let name = name.strip_prefix("r#").unwrap_or(name);
    name.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// Checks that there are as many declarations as there should be, and no code.
fn shape(tokens: &[Token], read: &Description, text: &str) {
    let word = |at: Option<usize>| match at.and_then(|at| tokens.get(at)) {
        Some(Token::Word(word)) => Some(word.as_str()),
        _ => None,
    };
    let mut open: Vec<char> = Vec::new();
    let (mut ends, mut directive) = (0, false);
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Line => directive = false,
            Token::Mark('#') => {
                assert!(
                    at == 0 || tokens[at - 1] == Token::Line,
                    "# in a line of\n{text}"
                );
                directive = true;
            }
            Token::Mark('{') => {
                let before = word(at.checked_sub(1));
                let is_c = matches!(tokens[at - 1], Token::Text(_));
                let in_struct = word(at.checked_sub(2)) == Some("struct");
                assert!(
                    before == Some("enum") || in_struct || is_c,
                    "code in\n{text}"
                );
                open.push(if is_c { 'C' } else { '{' });
            }
            Token::Mark('(') if !directive => open.push('('),
            Token::Mark(')') if !directive => assert_eq!(open.pop(), Some('('), "in\n{text}"),
            Token::Mark('}') => assert!(matches!(open.pop(), Some('{' | 'C')), "in\n{text}"),
            Token::Mark(';') if open == ['C'] => ends += 1,
            _ => {}
        }
    }
    assert!(open.is_empty(), "in\n{text}");
    let values = |at: &rt0_abi::decode::Enum| usize::from(has_values(at, text));
    let own = read.library.as_ref().map_or(0, |library| {
        let ops = if library.ops { rt0_abi::OPS.len() } else { 0 };
        rt0_abi::LIFECYCLE.len() + 2 + ops + usize::from(library.events)
    });
    let op_types = if has_op_types(read) {
        rt0_abi::OP_TYPES.len()
    } else {
        0
    };
    let halves = 2 * read
        .exports
        .iter()
        .filter(|export| is_async(export))
        .count();
    let expected = own
        + op_types
        + halves
        + 2 * (read.handles.len() + read.structs.len())
        + read.enums.len()
        + read.enums.iter().map(values).sum::<usize>()
        + read.exports.len();
    assert_eq!(ends, expected, "declarations in\n{text}");
}

/// Whether the header names the types of ops and queues.
fn has_op_types(read: &Description) -> bool {
    read.library.as_ref().is_some_and(|library| library.ops) || read.exports.iter().any(is_async)
}

fn is_async(export: &Export) -> bool {
    matches!(export.gives, Gives::Later { .. })
}

/// Whether the enum's constants are an `enum`, not macros.
fn has_values(item: &rt0_abi::decode::Enum, text: &str) -> bool {
    item.variants.first().is_some_and(|first| {
        let macros = [
            format!("#define {} (", first.name),
            format!("#define {}_ (", first.name),
        ];
        !macros.iter().any(|line| text.contains(line))
    })
}
