//! What the names of the library's symbols begin with.

use std::env::var;
use std::fs;
use std::path::Path;

use proc_macro2::{Span, TokenStream as Tokens};
use quote::quote;
use syn::Ident;
use syn::ext::IdentExt;

/// The prefix of the crate that is being compiled: `[package.metadata.rt0] prefix` in its Cargo.toml, or else
/// its library's name.
pub fn prefix() -> syn::Result<String> {
    let prefix = match from_manifest()? {
        Some(prefix) => prefix,
        None => var("CARGO_CRATE_NAME")
            .or_else(|_| var("CARGO_PKG_NAME"))
            .unwrap_or_else(|_| "library".to_owned())
            .replace('-', "_"),
    };
    if is_c_identifier(&prefix) {
        Ok(prefix)
    } else {
        Err(error(format!(
            "`{prefix}` can't be the prefix of the symbols, because it is not a C identifier: set another in Cargo.toml: [package.metadata.rt0] prefix = \"...\""
        )))
    }
}

/// Code that makes cargo recompile the crate when its Cargo.toml changes.
pub fn depend_on_manifest() -> Tokens {
    if manifest().is_some() {
        quote! {
            const _: &[u8] = ::core::include_bytes!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
        }
    } else {
        Tokens::new()
    }
}

pub fn is_c_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name
            .chars()
            .all(|other| other.is_ascii_alphanumeric() || other == '_')
}

/// Refuses a Rust name that C can't use.
pub fn check_c_identifier(name: &Ident) -> syn::Result<()> {
    if is_c_identifier(&name.unraw().to_string()) {
        return Ok(());
    }
    Err(syn::Error::new_spanned(
        name,
        format!("`{name}` is not a valid name in C: use only letters from a to z, digits and _"),
    ))
}

fn from_manifest() -> syn::Result<Option<String>> {
    match manifest() {
        Some(text) => prefix_in(&text).map_err(error),
        None => Ok(None),
    }
}

/// The prefix that a Cargo.toml sets.
fn prefix_in(manifest: &str) -> Result<Option<String>, String> {
    // Most manifests set no prefix and need no parsing. A letter of the word may be written as an escape.
    if !manifest.contains("prefix") && !manifest.contains('\\') {
        return Ok(None);
    }
    let whole = toml_span::parse(manifest).map_err(|problem| {
        let line = problem.line_info.map_or(0, |(line, _)| line + 1);
        // Dates are the only thing that cargo reads and this parser does not.
        format!(
            "can't read line {line} of Cargo.toml to find [package.metadata.rt0] prefix: {problem} (put a date in quotes)"
        )
    })?;
    match whole.pointer("/package/metadata/rt0/prefix") {
        None => Ok(None),
        Some(value) => match value.as_str() {
            Some(prefix) => Ok(Some(prefix.to_owned())),
            None => Err("[package.metadata.rt0] prefix in Cargo.toml must be a string".to_owned()),
        },
    }
}

fn manifest() -> Option<String> {
    fs::read_to_string(Path::new(&var("CARGO_MANIFEST_DIR").ok()?).join("Cargo.toml")).ok()
}

fn error(text: String) -> syn::Error {
    syn::Error::new(Span::call_site(), text)
}

#[cfg(test)]
mod tests {
    use super::prefix_in;

    #[test]
    fn a_prefix_is_found_however_it_is_written() {
        for manifest in [
            "[package.metadata.rt0]\nprefix = \"x\"",
            "[package.metadata]\nrt0.prefix = \"x\"",
            "[package.metadata]\nrt0 = { prefix = \"x\" }",
            "[package.metadata]\nrt0 = {\n  prefix = \"x\", # as of TOML 1.1\n}",
            "[package]\n\"metadata\".'rt0'.\"pre\\u0066ix\" = 'x'",
            "package.metadata.rt0.prefix = 'x'",
            "\u{feff}[package.metadata.rt0]\r\nprefix = '''x'''\r\n",
            "[[bin]]\n[package.metadata.rt0]\nkeep = [\n 'a', # b\n]\nprefix = 'x'\n[target.'cfg(unix)'.a]",
        ] {
            assert_eq!(prefix_in(manifest), Ok(Some("x".to_owned())), "{manifest}");
        }
    }

    #[test]
    fn a_prefix_elsewhere_is_none() {
        for manifest in [
            "",
            "[package]\nname = 'x'",
            "[package.metadata]\nrt0 = 'x'",
            "[workspace.metadata.rt0]\nprefix = 'x'",
            "[package]\ndescription = '''\n[package.metadata.rt0]\nprefix = 'x'\n'''",
            "# [package.metadata.rt0]\n# prefix = 'x'",
        ] {
            assert_eq!(prefix_in(manifest), Ok(None), "{manifest}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_an_error_that_says_where() {
        let number = prefix_in("[package.metadata.rt0]\nprefix = 5").unwrap_err();
        assert!(number.contains("must be a string"), "{number}");
        let twice = prefix_in("[package.metadata]\nrt0.prefix = 'x'\nrt0.prefix = 'y'");
        assert!(twice.unwrap_err().contains("duplicate key"));
        let date = prefix_in("[package.metadata]\nrt0.prefix = 'x'\nday = 1979-05-27").unwrap_err();
        assert!(date.contains("line 3") && date.contains("quotes"), "{date}");
    }

    #[test]
    fn a_manifest_without_a_prefix_may_hold_what_this_reader_does_not_know() {
        let manifest = "[package.metadata]\nrt0.keep = ['x']\nday = 1979-05-27";
        assert_eq!(prefix_in(manifest), Ok(None));
    }
}
