//! What the library's symbols begin with.

use std::env::var;
use std::fs;
use std::path::Path;

use proc_macro2::{Span, TokenStream as Tokens};
use quote::quote;
use syn::Ident;
use syn::ext::IdentExt;

/// The prefix of the crate that is being compiled: `[package.metadata.rt0] prefix` of its Cargo.toml,
/// else its library name.
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
            "`{prefix}` can't be what the symbols begin with: a C identifier is needed. Set one in Cargo.toml: [package.metadata.rt0] prefix = \"...\""
        )))
    }
}

/// What makes cargo compile the crate again when its Cargo.toml changes.
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

/// Refuses a name of Rust's that C can't use.
pub fn check_c_identifier(name: &Ident) -> syn::Result<()> {
    if is_c_identifier(&name.unraw().to_string()) {
        return Ok(());
    }
    Err(syn::Error::new_spanned(
        name,
        format!("`{name}` is not a name that C can use: letters from a to z, digits and _ only"),
    ))
}

fn from_manifest() -> syn::Result<Option<String>> {
    let Some(text) = manifest() else {
        return Ok(None);
    };
    let table: toml::Table = text
        .parse()
        .map_err(|problem| error(format!("Cargo.toml can't be read: {problem}")))?;
    let value = ["package", "metadata", "rt0"]
        .iter()
        .try_fold(&table, |table, key| table.get(*key)?.as_table())
        .and_then(|rt0| rt0.get("prefix"));
    match value {
        None => Ok(None),
        Some(toml::Value::String(prefix)) => Ok(Some(prefix.clone())),
        Some(_) => Err(error(
            "[package.metadata.rt0] prefix in Cargo.toml must be a string".to_owned(),
        )),
    }
}

fn manifest() -> Option<String> {
    fs::read_to_string(Path::new(&var("CARGO_MANIFEST_DIR").ok()?).join("Cargo.toml")).ok()
}

fn error(text: String) -> syn::Error {
    syn::Error::new(Span::call_site(), text)
}
