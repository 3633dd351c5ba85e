//! A function that returns when its work is done.

use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{Error, Expr, ItemFn, Result, Type};

use super::wrapper::{self, Needs, Wrapper, allow, author, uses_generation};
use super::{Chosen, Exported};
use crate::describe;
use crate::function;
use crate::lower::Param;
use crate::returned;
use crate::syntax::{first_argument, last_name};

pub fn exported(
    function: &ItemFn,
    symbol: &str,
    params: &[Param],
    result: &Type,
    chosen: Chosen,
) -> Result<Exported> {
    if let Some(timeout) = chosen.timeout {
        return Err(Error::new_spanned(
            timeout,
            "`timeout` limits an op, which only an async function has: write `async fn`, or remove `timeout`",
        ));
    }
    let or = chosen.or;
    let names = |path| function::names(path, function);
    // A handle that is taken back is dropped inside the call, and its destructor may need the runtime.
    let enter = chosen
        .enter
        .unwrap_or_else(|| names("tokio") || params.iter().any(|param| param.takes_handle));
    let generation = enter || names("rt0");
    let needs = Needs {
        enter,
        generation,
        uncancelled: match chosen.uncancelled {
            Some(uncancelled) => quote!(#uncancelled),
            None => {
                let calls_back = params.iter().map(|param| &param.is_callback);
                quote!(#generation #(|| #calls_back)*)
            }
        },
    };
    let code = match (last_name(result).as_deref(), first_argument(result)) {
        (Some("Result"), value) => {
            if let Some(or) = or {
                return Err(Error::new_spanned(
                    or,
                    "a function that returns `Result` reports its errors: remove `or`",
                ));
            }
            let value = value.ok_or_else(|| wrapper::without_types(result))?;
            reporting(function, symbol, params, (result, value), needs)?
        }
        _ => {
            let or = or.as_ref().ok_or_else(|| {
                Error::new_spanned(
                    &function.sig,
                    "this function can't report an error: return `Result<T, E>`, or choose what it returns when the gate fails or it panics: `#[rt0::export(or = VALUE)]` or `#[rt0::export(or = abort)]`",
                )
            })?;
            plain(function, symbol, params, result, or, needs)?
        }
    };
    let mut items = vec![describe::number(quote!(ENTER), quote!(#enter))];
    items.extend(or.map(|or| describe::text(quote!(OR), &describe::source(&or))));
    Ok(Exported { code, items })
}

/// The C function of one that returns `Result<value, _>`.
fn reporting(
    function: &ItemFn,
    symbol: &str,
    params: &[Param],
    (result, value): (&Type, &Type),
    needs: Needs,
) -> Result<Tokens> {
    let out = returned::out(symbol, value)?;
    let call = call(params, needs.enter);
    let author = wrapper::reporting_author(function, (result, value));
    Ok(wrapper::reporting(
        symbol,
        params,
        &out,
        (author, call),
        needs,
    ))
}

/// Statements that turn C's arguments into Rust's and call the author's function.
fn call(params: &[Param], enter: bool) -> Tokens {
    let enter = enter
        .then(|| quote!(let __rt0_context = ::rt0::__private::Call::enter_runtime(&__rt0_call);));
    let converted = wrapper::converted(params);
    let arguments = params.iter().map(|param| &param.argument);
    quote! {
        #converted
        #enter
        let __rt0_value = __rt0_author(#(#arguments),*);
    }
}

/// The C function of one that can't report errors.
fn plain(
    function: &ItemFn,
    symbol: &str,
    params: &[Param],
    result: &Type,
    or: &Expr,
    needs: Needs,
) -> Result<Tokens> {
    check_plain_result(result)?;
    let or = if matches!(or, Expr::Path(path) if path.path.is_ident("abort")) {
        quote!(::rt0::__private::abort())
    } else {
        quote!(#or)
    };
    let given = (!returned::is_unit(result)).then(|| quote!(::rt0::__private::given::<#result>();));
    let call = call(params, needs.enter);
    let (author, allow) = (author(function, &quote!(#result), |call| call), allow());
    Ok(Wrapper {
        symbol,
        author: quote! {
            #author

            #allow
            #[inline(always)]
            fn __rt0_or() -> #result {
                #or
            }
        },
        params: params
            .iter()
            .flat_map(|param| param.c.iter().cloned())
            .collect(),
        result: quote!(#result),
        uses_generation: uses_generation(params, needs.generation),
        uncancelled: needs.uncancelled,
        around: &|body| quote!(::rt0::__private::run_or(#symbol, || { #body }, __rt0_or)),
        work: quote! {
            #given
            #call
            ::core::result::Result::Ok(__rt0_value)
        },
        wait: quote! {
            let refused = ::rt0::__private::run_or(
                #symbol,
                || ::rt0::__private::Call::wait(USES_GENERATION).map(|()| ::core::option::Option::None),
                || ::core::option::Option::Some(__rt0_or()),
            );
            if let ::core::option::Option::Some(refused) = refused {
                return refused;
            }
        },
    }
    .write())
}

fn check_plain_result(result: &Type) -> Result<()> {
    match last_name(result).as_deref() {
        Some("String" | "Vec" | "Box") => Err(Error::new_spanned(
            result,
            "a function that returns a string, a buffer or a handle must return a `Result`",
        )),
        Some("Option") if !matches!(first_argument(result), Some(Type::FnPtr(_))) => {
            Err(Error::new_spanned(
                result,
                "a function that returns an `Option` must return it in a `Result`",
            ))
        }
        _ if matches!(result, Type::Reference(_)) => Err(Error::new_spanned(
            result,
            "a host can't know how long a reference lives: return a value",
        )),
        _ => Ok(()),
    }
}
