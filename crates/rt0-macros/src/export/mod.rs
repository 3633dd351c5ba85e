//! `#[rt0::export]`: the C functions around the author's.

mod asynchronous;
mod sync;
mod wrapper;

use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::ext::IdentExt;
use syn::{Error, Expr, FnArg, GenericParam, ItemFn, LitStr, Result, ReturnType, Type};

use crate::describe;
use crate::function;
use crate::keep;
use crate::lower::{self, Param};
use crate::options::Options;
use crate::prefix::{depend_on_manifest, is_c_identifier, prefix};

/// The options of the attribute.
struct Chosen {
    or: Option<Expr>,
    enter: Option<bool>,
    uncancelled: Option<bool>,
    timeout: Option<LitStr>,
}

/// What the attribute adds to the author's function.
struct Exported {
    code: Tokens,
    /// What the description says besides the signature.
    items: Vec<Tokens>,
}

pub fn expand(options: Tokens, item: Tokens) -> Result<Tokens> {
    let mut options = Options::parse(options)?;
    let chosen = Chosen {
        or: options.expr("or")?,
        enter: options.flag("enter")?,
        uncancelled: options.flag("uncancelled")?,
        timeout: options.text("timeout")?,
    };
    let name = options.text("name")?;
    options
        .finish("`or = ...`, `enter`, `uncancelled`, `timeout = \"...\"` and `name = \"...\"`")?;
    let function = function::parse("export", item)?;
    check_signature(&function)?;

    let symbol = symbol(&function, name)?;
    let unit = Type::Tuple(syn::TypeTuple {
        attrs: Vec::new(),
        paren_token: Default::default(),
        elems: Default::default(),
    });
    let result = match &function.sig.output {
        ReturnType::Default => &unit,
        ReturnType::Type(_, ty) => ty,
    };
    let params = function
        .sig
        .inputs
        .iter()
        .map(|input| parameter(&function, &symbol, input))
        .collect::<Result<Vec<_>>>()?;
    let exported = if function.sig.asyncness.is_some() {
        asynchronous::exported(&function, &symbol, &params, result, chosen)?
    } else {
        sync::exported(&function, &symbol, &params, result, chosen)?
    };
    let record = record(&function, &symbol, &params, result, exported.items);
    let (manifest, code) = (depend_on_manifest(), exported.code);
    let all = quote! {
        const _: () = {
            #manifest
            #code
            #record
        };
    };
    let all = match function.sig.asyncness {
        // Nothing of it would compile without a runtime, and one error is enough.
        Some(_) => quote! {
            ::rt0::__private::if_async! { "an async export", "take the `async` away", { #all } {} }
        },
        None => all,
    };
    Ok(quote! {
        #function
        #all
    })
}

fn parameter(function: &ItemFn, symbol: &str, input: &FnArg) -> Result<Param> {
    if function.sig.asyncness.is_some() && keep::is_cancel(lower::pattern(input)?.1) {
        return Ok(lower::injected(quote!(__rt0_cancel)));
    }
    lower::param(symbol, input)
}

fn check_signature(function: &ItemFn) -> Result<()> {
    let signature = &function.sig;
    if let Some(abi) = &signature.abi {
        return Err(Error::new_spanned(
            abi,
            "write a plain Rust function: `#[rt0::export]` makes the C function around it (for an `extern \"C\"` function of your own, use `#[rt0::gated]`)",
        ));
    }
    if let Some(dots) = &signature.variadic {
        return Err(Error::new_spanned(
            dots,
            "an export can't take a variable number of arguments",
        ));
    }
    for parameter in &signature.generics.params {
        if !matches!(parameter, GenericParam::Lifetime(_)) {
            return Err(Error::new_spanned(
                parameter,
                "C has no generics: use concrete types",
            ));
        }
    }
    Ok(())
}

fn symbol(function: &ItemFn, name: Option<syn::LitStr>) -> Result<String> {
    let own = function.sig.ident.unraw().to_string();
    let (short, span) = match &name {
        Some(name) => (name.value(), name.span()),
        None => (own, function.sig.ident.span()),
    };
    if !is_c_identifier(&short) {
        return Err(Error::new(
            span,
            format!("`{short}` is not a valid name in C: choose another with `name = \"...\"`"),
        ));
    }
    let prefix = prefix()?;
    let own = [&rt0_abi::LIFECYCLE[..], &rt0_abi::OPS, &[rt0_abi::EVENTS]].concat();
    if own.contains(&short.as_str()) {
        return Err(Error::new(
            span,
            format!(
                "`{prefix}_{short}` is one of rt0's own calls: rename it with `#[rt0::export(name = \"...\")]`"
            ),
        ));
    }
    Ok(format!("{prefix}_{short}"))
}

fn record(
    function: &ItemFn,
    symbol: &str,
    params: &[Param],
    result: &Type,
    more: Vec<Tokens>,
) -> Tokens {
    let mut items = vec![
        describe::text(quote!(NAME), symbol),
        describe::text(quote!(RUST_NAME), &function.sig.ident.unraw().to_string()),
        describe::ty(quote!(TYPE), describe::type_code(result)),
    ];
    items.extend(describe::docs(&function.attrs));
    items.extend(more);
    items.extend(params.iter().flat_map(|param| param.items.iter().cloned()));
    describe::record(quote!(EXPORT), &items)
}
