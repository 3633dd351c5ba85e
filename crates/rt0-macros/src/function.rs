//! The function that an attribute is on.

use std::fs;

use proc_macro2::{Span, TokenStream as Tokens, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Error, FnArg, GenericParam, Item, ItemFn, Result, Safety, Signature};

/// Parses the function, or says what the attribute needs.
pub fn parse(attribute: &str, item: Tokens) -> Result<ItemFn> {
    let function =
        syn::parse2::<ItemFn>(item.clone()).map_err(|error| match syn::parse2::<Item>(item) {
            Ok(Item::Fn(_)) | Err(_) => error,
            Ok(Item::Impl(block)) if attribute == "gated" => Error::new(
                block.span(),
                "`#[rt0::gated]` goes on a function: put it on each method in this `impl` that needs the library, below the attribute of your generator on the `impl`",
            ),
            Ok(other) => Error::new(
                other.span(),
                format!("`#[rt0::{attribute}]` goes on a function"),
            ),
        })?;
    // A function with `self` gets an error of its own, and `gated` may be used in an `impl`.
    if attribute != "gated" && function.sig.receiver().is_none() && is_in_impl() {
        return Err(Error::new(
            Span::call_site(),
            format!("`#[rt0::{attribute}]` goes on a function outside any `impl`: move it out"),
        ));
    }
    Ok(function)
}

/// Whether the attribute is in an `impl` or a trait, judged by the file's lines. A macro can't ask where it
/// is, and the compiler's errors about the generated code would not help. (Before Rust 1.88 it could not ask for its
/// file and line either, so there nobody is told.)
fn is_in_impl() -> bool {
    let here = Span::call_site();
    let place = here.start();
    if place.column == 0 {
        return false;
    }
    let text = here
        .local_file()
        .and_then(|file| fs::read_to_string(file).ok());
    text.is_some_and(|text| opens_impl(&text, place.line))
}

/// Whether an `impl` is opened by the nearest line above that is indented less than line `line`, counted from
/// 1.
fn opens_impl(text: &str, line: usize) -> bool {
    let lines: Vec<&str> = text.lines().take(line).collect();
    let Some((last, above)) = lines.split_last() else {
        return false;
    };
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut below = indent(last);
    let mut opened = false;
    for line in above.iter().rev().filter(|line| !line.trim().is_empty()) {
        let words = line.trim();
        let is_less = indent(line) < below;
        if !opened && !is_less {
            continue;
        }
        if !opened && !words.ends_with('{') {
            return false;
        }
        opened = true;
        below = below.min(indent(line));
        let words = words.strip_prefix("unsafe ").unwrap_or(words);
        let words = words.strip_prefix("pub ").unwrap_or(words);
        if ["impl ", "impl<", "trait "]
            .iter()
            .any(|word| words.starts_with(word))
        {
            return true;
        }
        // A header of several lines continues on the line above.
        if words != "{" && !words.starts_with("where") && !words.ends_with(',') {
            return false;
        }
    }
    false
}

/// Refuses `self` and generics, which rt0 can't supply, and `unsafe`, which it can't vouch for.
pub fn check_plain(attribute: &str, signature: &Signature) -> Result<()> {
    if let Safety::Unsafe(token) = &signature.safety {
        return Err(Error::new_spanned(
            token,
            format!(
                "rt0 calls this function and can't uphold its safety contract: remove `unsafe` from `{attribute}`"
            ),
        ));
    }
    for input in &signature.inputs {
        if let FnArg::Receiver(receiver) = input {
            return Err(Error::new_spanned(
                receiver,
                format!("`#[rt0::{attribute}]` goes on a function without `self`"),
            ));
        }
    }
    for parameter in &signature.generics.params {
        if !matches!(parameter, GenericParam::Lifetime(_)) {
            return Err(Error::new_spanned(
                parameter,
                format!(
                    "rt0 calls this function and can't choose its generic types: remove the generics from `{attribute}`"
                ),
            ));
        }
    }
    Ok(())
}

/// Whether the body of a function has a path that begins with this name: `tokio::spawn`, `rt0::handle`.
pub fn names(path: &str, function: &ItemFn) -> bool {
    names_in(path, function.block.to_token_stream())
}

fn names_in(path: &str, tokens: Tokens) -> bool {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) if names_in(path, group.stream()) => return true,
            TokenTree::Ident(name) if name == path => {
                if let Some(TokenTree::Punct(next)) = tokens.peek() {
                    if next.as_char() == ':' {
                        return true;
                    }
                }
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::opens_impl;

    #[test]
    fn an_impl_is_known_by_its_lines() {
        for (above, is) in [
            ("impl T {", true),
            ("impl<A> X for T {\n    fn a() {\n    }\n", true),
            ("unsafe impl X for T {", true),
            ("pub trait X {", true),
            ("impl T\nwhere\n    T: X,\n{", true),
            ("mod a {", false),
            ("impl T {}", false),
            ("impl T {\n    fn a() {}\n}\nmod a {", false),
            ("fn f() -> impl X {", false),
            ("macro_rules! m {\n  () => {", false),
            ("// impl T {", false),
        ] {
            let text = format!("{above}\n    #[rt0::export]\n");
            let line = text.lines().count();
            assert_eq!(opens_impl(&text, line), is, "{above}");
        }
        assert!(!opens_impl("#[rt0::export]", 1));
    }
}
