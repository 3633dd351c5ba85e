//! The C function around an author's, in two halves.

use proc_macro2::TokenStream as Tokens;
use quote::{format_ident, quote};
use syn::{Error, FnArg, ItemFn, Safety, Type};

use crate::lower::{self, Param};
use crate::returned::Out;
use crate::syntax::error_argument;

/// What a call needs besides its arguments.
pub struct Needs {
    /// Whether tokio's free functions must find the library's runtime.
    pub enter: bool,
    /// Whether a shutdown waits for the call even if no argument requires it.
    pub generation: bool,
    /// A constant expression: whether a `pthread_cancel` waits for the call's end.
    pub uncancelled: Tokens,
}

/// The C function, in two halves.
///
/// The hot half looks at the gate and does the work. The cold half waits at the gate and calls the hot one
/// again; it is a separate function, so that the hot one needs no stack for waiting.
///
/// Both are unsafe functions, in which unsafe operations need no block. So they contain none of the author's
/// expressions: those are in separate safe functions in the outer scope, where the halves can't be named.
pub struct Wrapper<'a> {
    pub symbol: &'a str,
    /// Safe functions that contain the author's expressions.
    pub author: Tokens,
    /// The C parameters, with their types.
    pub params: Vec<Tokens>,
    pub result: Tokens,
    pub uses_generation: Tokens,
    pub uncancelled: Tokens,
    /// `run(err, || ...)` or `run_or(|| ..., __rt0_or)` around a body.
    pub around: &'a dyn Fn(Tokens) -> Tokens,
    /// Statements that end in `Ok(...)`.
    pub work: Tokens,
    /// Statements that wait at the gate, and return the result of a refused call.
    pub wait: Tokens,
}

/// Silences lints in the code that the macro generates.
pub fn allow() -> Tokens {
    quote! {
        #[allow(unused_unsafe, unused_variables, unreachable_code, non_snake_case, clippy::all, clippy::pedantic)]
    }
}

impl Wrapper<'_> {
    pub fn write(self) -> Tokens {
        let Wrapper {
            symbol,
            author,
            params,
            result,
            uses_generation: uses,
            uncancelled,
            around,
            work,
            wait,
        } = self;
        let names: Vec<Tokens> = params
            .iter()
            .map(|param| {
                param
                    .clone()
                    .into_iter()
                    .take_while(|token| token.to_string() != ":")
                    .collect()
            })
            .collect();
        let allow = allow();
        let hot = around(work);
        quote! {
            #author

            const _: () = {
                const USES_GENERATION: bool = #uses;

                #allow
                #[unsafe(export_name = #symbol)]
                unsafe extern "C" fn __rt0_export(#(#params),*) -> #result {
                    // SAFETY: the host keeps to the C header.
                    unsafe {
                        let ::core::option::Option::Some(__rt0_call) =
                            ::rt0::__private::Call::hot(USES_GENERATION)
                        else {
                            return __rt0_cold(#(#names),*);
                        };
                        let __rt0_uncancelled =
                            ::rt0::__private::UncancelledCall::<{ #uncancelled }>::begin();
                        #hot
                    }
                }

                #allow
                #[cold]
                #[inline(never)]
                unsafe extern "C" fn __rt0_cold(#(#params),*) -> #result {
                    // SAFETY: the host keeps to the C header.
                    unsafe {
                        #wait
                        let __rt0_result = __rt0_export(#(#names),*);
                        ::rt0::__private::Call::late(USES_GENERATION);
                        __rt0_result
                    }
                }
            };
        }
    }
}

/// A constant expression: whether the call uses the generation.
pub fn uses_generation(params: &[Param], also: bool) -> Tokens {
    let uses = params.iter().map(|param| &param.uses_generation);
    quote!(#also #(|| #uses)*)
}

/// `__rt0_author`, which calls the author's function; `body` turns that call into the function's body. It is
/// async if the author's function is.
///
/// If the author's function is safe, so is this one: a call that needs `unsafe`, such as that of a function
/// with `#[target_feature]`, does not compile. If it is an `unsafe fn`, the author vouches for it.
pub fn author(function: &ItemFn, result: &Tokens, body: impl Fn(Tokens) -> Tokens) -> Tokens {
    let signature = &function.sig;
    let (name, generics) = (&signature.ident, &signature.generics);
    let (parameters, names): (Vec<_>, Vec<_>) = signature
        .inputs
        .iter()
        .enumerate()
        .filter_map(|(i, input)| match input {
            FnArg::Typed(input) => {
                let (name, ty) = (format_ident!("__rt0_{i}"), &input.ty);
                Some((quote!(#name: #ty), name))
            }
            FnArg::Receiver(_) => None,
        })
        .unzip();
    let (marked, call) = match signature.safety {
        // SAFETY: the author has exported it, and so promises that hosts may call it.
        Safety::Unsafe(_) => (quote!(unsafe), quote!(unsafe { #name(#(#names),*) })),
        Safety::Safe(_) | Safety::Default => (Tokens::new(), quote!(#name(#(#names),*))),
    };
    let (is_async, awaited) = match signature.asyncness {
        None => (Tokens::new(), Tokens::new()),
        Some(_) => (quote!(async), quote!(.await)),
    };
    let (body, allow, bounds) = (
        body(quote!(#call #awaited)),
        allow(),
        &generics.where_clause,
    );
    quote! {
        #allow
        #[inline(always)]
        #is_async #marked fn __rt0_author #generics (#(#parameters),*) -> #result #bounds {
            #body
        }
    }
}

/// As [`author`], for a function that returns this `Result<value, _>`: with the error as a failure.
pub fn reporting_author(function: &ItemFn, (result, value): (&Type, &Type)) -> Tokens {
    let of_error = error_argument(result);
    let outcome = quote!(::core::result::Result<#value, ::rt0::__private::Failure>);
    author(function, &outcome, |call| {
        quote! {
            match #call {
                ::core::result::Result::Ok(value) => ::core::result::Result::Ok(value),
                ::core::result::Result::Err(error) => {
                    #[allow(unused_imports)]
                    use ::rt0::__private::{AuthorCode as _, DefaultCode as _};
                    let code = (&::rt0::__private::Probe(&error)).code();
                    ::core::result::Result::Err(
                        ::rt0::__private::author_failure #of_error (code, error),
                    )
                }
            }
        }
    })
}

/// The C parameter for the text of an error.
pub fn err() -> Tokens {
    quote!(__rt0_err: *mut *mut ::core::ffi::c_char)
}

/// The C function of a function that reports errors. `author` defines `__rt0_author`, and `call` leaves its
/// outcome in `__rt0_value`.
pub fn reporting(
    symbol: &str,
    params: &[Param],
    out: &Out,
    (author, call): (Tokens, Tokens),
    needs: Needs,
) -> Tokens {
    let (check, put) = (&out.check, &out.put);
    let in_c = params.iter().flat_map(|param| param.c.iter().cloned());
    Wrapper {
        symbol,
        author,
        params: in_c.chain(out.c.iter().cloned()).chain([err()]).collect(),
        result: quote!(i32),
        uses_generation: uses_generation(params, out.uses_generation || needs.generation),
        uncancelled: needs.uncancelled,
        around: &|body| quote!(::rt0::__private::run(#symbol, __rt0_err, || { #body })),
        work: quote! {
            #check
            #call
            let __rt0_value = __rt0_value?;
            #put
            ::core::result::Result::Ok(())
        },
        wait: quote! {
            let refused = ::rt0::__private::run(#symbol, __rt0_err, || ::rt0::__private::Call::wait(USES_GENERATION));
            if refused != 0 {
                return refused;
            }
        },
    }
    .write()
}

/// Statements that turn C's arguments into Rust's.
pub fn converted(params: &[Param]) -> Tokens {
    let apart = lower::apart(params);
    let converts = params.iter().map(|param| &param.convert);
    let tidied = params.iter().filter_map(|param| param.tidied.as_ref());
    quote! {
        #apart
        #(#converts)*
        #(#tidied)*
    }
}

/// The error about a `Result` without its types.
pub fn without_types(result: &Type) -> Error {
    Error::new_spanned(
        result,
        "write out the types of the `Result`: `Result<T, E>`",
    )
}
