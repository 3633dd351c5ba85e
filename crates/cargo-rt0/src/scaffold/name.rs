//! Names that a crate can have.

use crate::error::{Error, Result};

/// Keywords of Rust, strict and reserved, and names of its own crates or of cargo's directories.
const TAKEN: &[&str] = &[
    "Self",
    "abstract",
    "alloc",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "build",
    "const",
    "continue",
    "core",
    "crate",
    "deps",
    "do",
    "dyn",
    "else",
    "enum",
    "examples",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "incremental",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "proc_macro",
    "pub",
    "ref",
    "return",
    "rt0",
    "self",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
];

/// Checks that the name can be that of a package, of its crate and of its C prefix.
///
/// # Errors
/// It can't: a sentence that says why.
pub fn check(name: &str) -> Result<()> {
    let refuse = |why: &str| {
        Err(Error::input(format!(
            "{name:?} cannot be a crate's name: {why}"
        )))
    };
    if name.is_empty() {
        return refuse("it is empty");
    }
    if name.len() > 64 {
        return refuse("it has more than 64 letters");
    }
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return refuse("it must begin with a letter from a to z");
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.chars().all(allowed) {
        return refuse("it can contain only letters from a to z, digits, - and _");
    }
    if TAKEN.contains(&name.replace('-', "_").as_str()) {
        return refuse("Rust or cargo reserves that word");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn crate_names_pass_and_others_are_told_why() {
        for good in ["a", "my-lib", "x9_y"] {
            assert!(check(good).is_ok(), "{good}");
        }
        for bad in [
            "", "9a", "-a", "_a", "a b", "a/b", "..", "fn", "std", "rt0", "ä", "a\n",
        ] {
            let error = check(bad).unwrap_err();
            assert_eq!(error.exit_code(), 2);
            assert!(!error.to_string().contains('\n'), "{error}");
        }
        assert!(check(&"a".repeat(65)).is_err());
    }
}
