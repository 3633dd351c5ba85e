//! Symbols that the author exports by hand, and that `cargo rt0 build` keeps visible besides the declared
//! ones: those in `[package.metadata.rt0] keep` in Cargo.toml, and the names by which other languages look up
//! a library.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use rt0_abi::{NOTE_NAME, kind, tag};

/// Hosts of other languages look up these names, in any library.
pub const ENTRY_POINTS: [&str; 16] = [
    // Python.
    "PyInit_*",
    "PyInitU_*",
    // Node.
    "napi_register_module_v1",
    "node_api_module_get_api_version_v1",
    // Java.
    "Java_*",
    "JNI_OnLoad*",
    "JNI_OnUnload*",
    // Lua, Ruby, R, Erlang.
    "luaopen_*",
    "Init_*",
    "R_init_*",
    "nif_init",
    // UniFFI's scaffolding, and what its bindings generator reads.
    "uniffi_*",
    "ffi_*_rustbuffer_*",
    "ffi_*_rust_future_*",
    "ffi_*_uniffi_contract_version",
    "UNIFFI_META_*",
];

/// Those of the names that match one of the patterns or a well-known one.
pub fn kept<'a>(names: impl Iterator<Item = &'a str>, patterns: &[String]) -> BTreeSet<String> {
    let patterns = || patterns.iter().map(String::as_str).chain(ENTRY_POINTS);
    let is_kept = |name: &&str| patterns().any(|pattern| covers(pattern, name));
    names.filter(is_kept).map(str::to_owned).collect()
}

/// Whether a pattern covers a name; each `*` in it stands for any letters or none.
pub fn covers(pattern: &str, name: &str) -> bool {
    let (mut parts, mut rest) = (pattern.split('*'), name);
    let first = parts.next().unwrap_or_default();
    let Some(last) = parts.next_back() else {
        return pattern == name;
    };
    match rest
        .strip_prefix(first)
        .and_then(|rest| rest.strip_suffix(last))
    {
        Some(between) => rest = between,
        None => return false,
    }
    parts.all(|part| match rest.split_once(part) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

/// The records as a file for a processor that is little-endian has them.
pub fn notes(names: &BTreeSet<String>) -> Vec<u8> {
    let mut out = Vec::new();
    for name in names {
        let item = item(name);
        for word in [NOTE_NAME.len() as u32, item.len() as u32, kind::SYMBOL] {
            out.extend_from_slice(&word.to_le_bytes());
        }
        out.extend_from_slice(&NOTE_NAME);
        out.extend_from_slice(&item);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    out
}

fn item(name: &str) -> Vec<u8> {
    let len = (name.len() as u32).to_le_bytes();
    [&[tag::NAME][..], &len, name.as_bytes()].concat()
}

/// Assembly that adds a record of each name to the file that is being linked, so that the file itself says
/// what should be visible. The assembler knows the target's byte order.
pub fn records(names: &BTreeSet<String>, section: &str) -> String {
    let mut out = format!("{section}\n");
    for name in names {
        let bytes = |out: &mut String, list: &[u8]| {
            let list: Vec<_> = list.iter().map(u8::to_string).collect();
            let _ = writeln!(out, ".byte {}", list.join(","));
        };
        let item = item(name);
        let (owner, len) = (NOTE_NAME.len(), item.len());
        let _ = writeln!(
            out,
            ".balign 4\n.long {owner}\n.long {len}\n.long {}",
            kind::SYMBOL
        );
        bytes(&mut out, &NOTE_NAME);
        bytes(&mut out, &item);
        out.push_str(".balign 4\n");
    }
    out
}

/// The same as a source file for ELF. It asks for a stack that is not executable.
pub fn source(names: &BTreeSet<String>) -> String {
    let section = format!(".section {},\"a\",%note", rt0_abi::SECTION);
    records(names, &section) + ".section .note.GNU-stack,\"\",%progbits\n"
}

#[cfg(test)]
mod tests {
    use super::{covers, kept, notes};

    #[test]
    fn records_read_back() {
        let names = ["x_a", "x_longer"].map(String::from).into();
        let read = rt0_abi::decode::Description::decode(&notes(&names), false).unwrap();
        let found: Vec<_> = read.symbols.iter().map(ToString::to_string).collect();
        assert_eq!(found, ["x_a", "x_longer"]);
    }

    #[test]
    fn a_star_stands_for_any_letters() {
        for (pattern, name) in [
            ("a", "a"),
            ("*", ""),
            ("*", "x"),
            ("a*", "a"),
            ("*c", "abc"),
            ("a*b*c", "abbc"),
            ("a*b*c", "abc"),
            ("ffi_*_rustbuffer_*", "ffi_x_rustbuffer_alloc"),
        ] {
            assert!(covers(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("a", "ab"), ("aa*aa", "aaa"), ("a*b*c", "ac"), ("a*", "ba")] {
            assert!(!covers(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn what_hosts_look_for_is_kept_without_a_word() {
        let names = [
            "PyInit_x",
            "Java_a_b",
            "uniffi_x_fn_func_y",
            "ffi_call",
            "leak",
            "mine_1",
        ];
        let kept = kept(names.into_iter(), &["mine_*".to_owned()]);
        let kept: Vec<_> = kept.iter().map(String::as_str).collect();
        assert_eq!(
            kept,
            ["Java_a_b", "PyInit_x", "mine_1", "uniffi_x_fn_func_y"]
        );
    }
}
