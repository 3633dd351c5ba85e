//! What the author has written: its place in the source, and the names in a type.

use proc_macro2::{Span, TokenStream as Tokens};
use quote::quote;
use syn::spanned::Spanned;
use syn::{GenericArgument, PathArguments, Type};

/// Where an error about these tokens is shown. Names in code with this span still resolve as the macro's own.
pub fn place(tokens: &impl Spanned) -> Span {
    tokens.span().resolved_at(Span::call_site())
}

/// The last name of a path: `Result` of `std::io::Result<T>`.
pub fn last_name(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        Type::Paren(inner) => last_name(&inner.elem),
        Type::Group(inner) => last_name(&inner.elem),
        _ => None,
    }
}

/// The first type among the last name's arguments: `T` of `Result<T, E>` and of `State<'_, T>`.
pub fn first_argument(ty: &Type) -> Option<&Type> {
    arguments(ty)?.next()
}

/// `::<E>` for a generic function that takes the error of a `Result<T, E>`, so that the compiler points at
/// `E` if the error has a wrong type. `None` for an alias that hides the error.
pub fn error_argument(ty: &Type) -> Option<Tokens> {
    match arguments(ty)?.nth(1)? {
        Type::ImplTrait(_) => None,
        // A lifetime of the function has no name outside it.
        error if quote!(#error).to_string().contains('\'') => None,
        error => Some(quote!(::<#error>)),
    }
}

fn arguments(ty: &Type) -> Option<impl Iterator<Item = &Type>> {
    let path = match ty {
        Type::Path(path) => path,
        Type::Paren(inner) => return arguments(&inner.elem),
        Type::Group(inner) => return arguments(&inner.elem),
        _ => return None,
    };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    Some(arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }))
}
