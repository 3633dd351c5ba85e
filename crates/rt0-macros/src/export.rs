//! `#[rt0::export]`: the C function around the author's.

use proc_macro2::TokenStream as Tokens;
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{Error, Expr, FnArg, GenericParam, ItemFn, Result, ReturnType, Type};

use crate::describe;
use crate::function;
use crate::lower::{self, Param};
use crate::options::Options;
use crate::prefix::{depend_on_manifest, is_c_identifier, prefix};
use crate::returned;
use crate::syntax::{error_argument, first_argument, last_name};

pub fn expand(options: Tokens, item: Tokens) -> Result<Tokens> {
    let mut options = Options::parse(options)?;
    let or = options.expr("or")?;
    let name = options.text("name")?;
    let enter = options.flag("enter")?;
    let uncancelled = options.flag("uncancelled")?;
    options.finish("`or = ...`, `enter`, `uncancelled` and `name = \"...\"`")?;
    let function = function::parse("export", item)?;
    check_signature(&function)?;

    let symbol = symbol(&function, name)?;
    let params = function
        .sig
        .inputs
        .iter()
        .map(|input| lower::param(&symbol, input))
        .collect::<Result<Vec<_>>>()?;
    let names = |path| function::names(path, &function);
    // A handle that is taken back is dropped inside the call, and its destructor may need the runtime.
    let enter =
        enter.unwrap_or_else(|| names("tokio") || params.iter().any(|param| param.takes_handle));
    let generation = enter || names("rt0");
    let needs = Needs {
        enter,
        generation,
        uncancelled: match uncancelled {
            Some(uncancelled) => quote!(#uncancelled),
            None => {
                let calls_back = params.iter().map(|param| &param.is_callback);
                quote!(#generation #(|| #calls_back)*)
            }
        },
    };
    let unit = Type::Tuple(syn::TypeTuple {
        paren_token: Default::default(),
        elems: Default::default(),
    });
    let result = match &function.sig.output {
        ReturnType::Default => &unit,
        ReturnType::Type(_, ty) => ty,
    };
    let wrapper = match (last_name(result).as_deref(), first_argument(result)) {
        (Some("Result"), value) => {
            if let Some(or) = or {
                return Err(Error::new_spanned(
                    or,
                    "a function that returns `Result` reports its errors: remove `or`",
                ));
            }
            let value = value.ok_or_else(|| {
                Error::new_spanned(
                    result,
                    "write out the types of the `Result`: `Result<T, E>`",
                )
            })?;
            reporting(&function, &symbol, &params, (result, value), needs)?
        }
        _ => {
            let or = or.as_ref().ok_or_else(|| {
                Error::new_spanned(
                    &function.sig,
                    "this function can't report an error: return `Result<T, E>`, or choose what it returns when the gate fails or it panics: `#[rt0::export(or = VALUE)]` or `#[rt0::export(or = abort)]`",
                )
            })?;
            plain(&function, &symbol, &params, result, or, needs)?
        }
    };
    let record = record(&function, &symbol, &params, result, or.as_ref(), enter);
    let manifest = depend_on_manifest();
    Ok(quote! {
        #function
        const _: () = {
            #manifest
            #wrapper
            #record
        };
    })
}

fn check_signature(function: &ItemFn) -> Result<()> {
    let signature = &function.sig;
    if let Some(token) = &signature.asyncness {
        return Err(Error::new_spanned(
            token,
            "async exports are not supported yet: write a plain function that uses `rt0::block_on(...)` or `rt0::spawn(...)`",
        ));
    }
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
    if rt0_abi::LIFECYCLE.contains(&short.as_str()) {
        return Err(Error::new(
            span,
            format!(
                "`{prefix}_{short}` is one of rt0's own calls: rename it with `#[rt0::export(name = \"...\")]`"
            ),
        ));
    }
    Ok(format!("{prefix}_{short}"))
}

/// What a call needs besides its arguments.
struct Needs {
    /// Whether tokio's free functions must find the library's runtime.
    enter: bool,
    /// Whether a shutdown waits for the call even if no argument requires it.
    generation: bool,
    /// A constant expression: whether a `pthread_cancel` waits for the call's end.
    uncancelled: Tokens,
}

/// The C function, in two halves.
///
/// The hot half looks at the gate and does the work. The cold half waits at the gate and calls the hot one
/// again; it is a separate function, so that the hot one needs no stack for waiting.
///
/// Both are unsafe functions, in which unsafe operations need no block. So they contain none of the author's
/// expressions: those are in separate safe functions in the outer scope, where the halves can't be named.
struct Wrapper<'a> {
    symbol: &'a str,
    /// Safe functions that contain the author's expressions.
    author: Tokens,
    /// The C parameters, with their types.
    params: Vec<Tokens>,
    result: Tokens,
    uses_generation: Tokens,
    uncancelled: Tokens,
    /// `run(err, || ...)` or `run_or(|| ..., __rt0_or)` around a body.
    around: &'a dyn Fn(Tokens) -> Tokens,
    /// Statements that end in `Ok(...)`.
    work: Tokens,
    /// Statements that wait at the gate, and return the result of a refused call.
    wait: Tokens,
}

/// Silences lints in the code that the macro generates.
fn allow() -> Tokens {
    quote! {
        #[allow(unused_unsafe, unused_variables, unreachable_code, non_snake_case, clippy::all, clippy::pedantic)]
    }
}

impl Wrapper<'_> {
    fn write(self) -> Tokens {
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
fn uses_generation(params: &[Param], also: bool) -> Tokens {
    let uses = params.iter().map(|param| &param.uses_generation);
    quote!(#also #(|| #uses)*)
}

/// `__rt0_author`, which calls the author's function; `body` turns that call into the function's body.
///
/// If the author's function is safe, so is this one: a call that needs `unsafe`, such as that of a function
/// with `#[target_feature]`, does not compile. If it is an `unsafe fn`, the author vouches for it.
fn author(function: &ItemFn, result: &Tokens, body: impl Fn(Tokens) -> Tokens) -> Tokens {
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
    let (marked, call) = match signature.unsafety {
        None => (Tokens::new(), quote!(#name(#(#names),*))),
        // SAFETY: the author has exported it, and so promises that hosts may call it.
        Some(_) => (quote!(unsafe), quote!(unsafe { #name(#(#names),*) })),
    };
    let (body, allow, bounds) = (body(call), allow(), &generics.where_clause);
    quote! {
        #allow
        #[inline(always)]
        #marked fn __rt0_author #generics (#(#parameters),*) -> #result #bounds {
            #body
        }
    }
}

/// Statements that turn C's arguments into Rust's and call the author's function.
fn call(params: &[Param], enter: bool) -> Tokens {
    let enter = enter
        .then(|| quote!(let __rt0_context = ::rt0::__private::Call::enter_runtime(&__rt0_call);));
    let apart = lower::apart(params);
    let converts = params.iter().map(|param| &param.convert);
    let tidied = params.iter().filter_map(|param| param.tidied.as_ref());
    let arguments = params.iter().map(|param| &param.argument);
    quote! {
        #apart
        #(#converts)*
        #(#tidied)*
        #enter
        let __rt0_value = __rt0_author(#(#arguments),*);
    }
}

fn reporting(
    function: &ItemFn,
    symbol: &str,
    params: &[Param],
    (result, value): (&Type, &Type),
    needs: Needs,
) -> Result<Tokens> {
    let out = returned::out(symbol, value)?;
    let call = call(params, needs.enter);
    let (check, put) = (&out.check, &out.put);
    let in_c = params.iter().flat_map(|param| param.c.iter().cloned());
    let err = quote!(__rt0_err: *mut *mut ::core::ffi::c_char);
    let of_error = error_argument(result);
    let outcome = quote!(::core::result::Result<#value, ::rt0::__private::Failure>);
    let author = author(function, &outcome, |call| {
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
    });
    Ok(Wrapper {
        symbol,
        author,
        params: in_c.chain(out.c.iter().cloned()).chain([err]).collect(),
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
    .write())
}

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
        Some("Option") if !matches!(first_argument(result), Some(Type::BareFn(_))) => {
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

fn record(
    function: &ItemFn,
    symbol: &str,
    params: &[Param],
    result: &Type,
    or: Option<&Expr>,
    enter: bool,
) -> Tokens {
    let mut items = vec![
        describe::text(quote!(NAME), symbol),
        describe::text(quote!(RUST_NAME), &function.sig.ident.unraw().to_string()),
        describe::ty(quote!(TYPE), describe::type_code(result)),
        describe::number(quote!(ENTER), quote!(#enter)),
    ];
    items.extend(describe::docs(&function.attrs));
    if let Some(or) = or {
        items.push(describe::text(quote!(OR), &describe::source(or)));
    }
    items.extend(params.iter().flat_map(|param| param.items.iter().cloned()));
    describe::record(quote!(EXPORT), &items)
}
