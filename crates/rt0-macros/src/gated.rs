//! `#[rt0::gated]`: the gate in front of a function with any interface.

use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::ext::IdentExt;
use syn::{Error, Expr, ExprLit, ItemFn, Lit, Meta, Result, ReturnType, parse_quote};

use crate::describe;
use crate::function;
use crate::options::Options;
use crate::syntax::{error_argument, last_name};

pub fn expand(options: Tokens, item: Tokens) -> Result<Tokens> {
    let mut options = Options::parse(options)?;
    let or = options.expr("or")?;
    let or_else = options.expr("or_else")?;
    let uncancelled = options.flag("uncancelled")?;
    options.finish("`or = VALUE`, `or_else = |error| VALUE` and `uncancelled`")?;
    let mut function = function::parse("gated", item)?;
    let uncancelled = uncancelled.unwrap_or_else(|| {
        function::names("tokio", &function) || function::names("rt0", &function)
    });
    if let Some(token) = &function.sig.asyncness {
        return Err(Error::new_spanned(
            token,
            "the gate blocks its thread: use `#[rt0::gated]` on a function that is not async",
        ));
    }
    let refused: Tokens = match (or, or_else) {
        (Some(_), Some(second)) => {
            return Err(Error::new_spanned(
                second,
                "`or` and `or_else` exclude each other: remove one",
            ));
        }
        (Some(Expr::Path(path)), None) if path.path.is_ident("abort") => {
            quote!(::rt0::__private::abort())
        }
        (Some(value), None) => quote!(return #value),
        // As an argument of this function, the closure gets its parameter's type.
        (None, Some(made)) => quote!(return ::rt0::__private::made_from(__rt0_error, #made)),
        (None, None) => match &function.sig.output {
            ReturnType::Type(_, ty)
                if last_name(ty).is_some_and(|name| name.ends_with("Result")) =>
            {
                let of_error = error_argument(ty);
                quote!(return ::core::result::Result::Err(::rt0::__private::own #of_error (__rt0_error)))
            }
            _ => {
                return Err(Error::new_spanned(
                    &function.sig,
                    "this function can't report an error: return a `Result`, or choose what it returns when the gate fails: `#[rt0::gated(or = VALUE)]` or `#[rt0::gated(or_else = |error| VALUE)]`",
                ));
            }
        },
    };
    function.block.stmts.insert(
        0,
        parse_quote! {
            // Held to the end of the function: until then the library stays ready.
            let __rt0_ready = match ::rt0::__private::gate() {
                ::core::result::Result::Ok(ready) => ready,
                #[allow(unused_variables)]
                ::core::result::Result::Err(__rt0_error) => { #refused }
            };
        },
    );
    function.block.stmts.insert(
        0,
        parse_quote! {
            // Dropped last.
            let __rt0_uncancelled = ::rt0::__private::UncancelledCall::<#uncancelled>::begin();
        },
    );
    let symbol = symbol(&function)
        .map(|symbol| describe::record(quote!(SYMBOL), &[describe::text(quote!(NAME), &symbol)]));
    Ok(quote! {
        #function
        #symbol
    })
}

/// The symbol that the author gives the function by hand, if any: `cargo rt0 build` keeps it visible.
fn symbol(function: &ItemFn) -> Option<String> {
    function.attrs.iter().find_map(|attribute| {
        let meta = match &attribute.meta {
            Meta::List(list) if list.path.is_ident("unsafe") => list.parse_args().ok()?,
            meta => meta.clone(),
        };
        match meta {
            Meta::Path(path) if path.is_ident("no_mangle") => {
                Some(function.sig.ident.unraw().to_string())
            }
            Meta::NameValue(pair) if pair.path.is_ident("export_name") => match pair.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(name),
                    ..
                }) => Some(name.value()),
                _ => None,
            },
            _ => None,
        }
    })
}
