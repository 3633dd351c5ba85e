//! The function that an attribute stands on.

use proc_macro2::TokenStream as Tokens;
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
