//! The function that an attribute stands on.

use proc_macro2::{TokenStream as Tokens, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Error, FnArg, GenericParam, Item, ItemFn, Result, Signature};

/// Parses it, or says what the attribute wants.
pub fn parse(attribute: &str, item: Tokens) -> Result<ItemFn> {
    syn::parse2::<ItemFn>(item.clone()).map_err(|error| match syn::parse2::<Item>(item) {
        Ok(Item::Fn(_)) | Err(_) => error,
        Ok(other) => Error::new(
            other.span(),
            format!("`#[rt0::{attribute}]` stands on a function"),
        ),
    })
}

/// Refuses a `self` and generics, which nobody could fill in, and `unsafe`, for which nobody could vouch.
pub fn check_plain(attribute: &str, signature: &Signature) -> Result<()> {
    if let Some(token) = &signature.unsafety {
        return Err(Error::new_spanned(
            token,
            format!(
                "rt0 calls this function and can't vouch for it: `{attribute}` is a safe function"
            ),
        ));
    }
    for input in &signature.inputs {
        if let FnArg::Receiver(receiver) = input {
            return Err(Error::new_spanned(
                receiver,
                format!("`#[rt0::{attribute}]` stands on a plain function: it has no `self`"),
            ));
        }
    }
    for parameter in &signature.generics.params {
        if !matches!(parameter, GenericParam::Lifetime(_)) {
            return Err(Error::new_spanned(
                parameter,
                format!("rt0 calls this function: it can't choose a type for `{attribute}`"),
            ));
        }
    }
    Ok(())
}

/// Whether the text of a function has a path that begins so: `tokio::spawn`, `rt0::handle`.
pub fn names(path: &str, function: &ItemFn) -> bool {
    names_in(path, function.block.to_token_stream())
}

fn names_in(path: &str, tokens: Tokens) -> bool {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) if names_in(path, group.stream()) => return true,
            TokenTree::Ident(name) if name == path => {
                if let Some(TokenTree::Punct(next)) = tokens.peek()
                    && next.as_char() == ':'
                {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}
