//! `#[rt0::gated]`: the gate in front of a function with any interface.

use proc_macro2::TokenStream as Tokens;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{
    Error, Expr, ExprLit, FnArg, ItemFn, Lit, Meta, Result, ReturnType, Safety, Stmt, Type,
    TypeParamBound, parse_quote,
};

use crate::describe;
use crate::function;
use crate::options::Options;
use crate::syntax::{error_argument, first_argument, last_name, place};

pub fn expand(options: Tokens, item: Tokens) -> Result<Tokens> {
    let mut options = Options::parse(options)?;
    let chosen = Chosen::of(&mut options)?;
    let wait = options.expr("wait")?;
    let uncancelled = options.flag("uncancelled")?;
    options.finish(
        "`or = VALUE`, `or_else = |error| VALUE`, `error = PATH`, `wait = PATH` and `uncancelled`",
    )?;
    let mut function = function::parse("gated", item)?;
    if is_made_by_napi(&function) {
        return Ok(quote!(#function));
    }
    check_not_rewritten(&function)?;
    if let Some(constant) = &function.sig.constness {
        return Err(Error::new_spanned(
            constant,
            "a `const fn` can be called while the compiler runs, where there is no library to wait for: remove `const`",
        ));
    }
    let refused = refused(chosen, &function)?;
    let gate = match (&function.sig.asyncness, wait) {
        (None, None) => quote!(::rt0::__private::gate()),
        (None, Some(wait)) => quote!(::rt0::ready_with(#wait)),
        (Some(_), None) => quote!(::rt0::ready_async().await),
        (Some(_), Some(wait)) => {
            return Err(Error::new_spanned(
                wait,
                "an async function waits without its thread and holds no lock meanwhile: remove `wait`",
            ));
        }
    };
    let shield = shield(uncancelled, &function)?;
    let gate = parse_quote! {
        // Held to the end of the function: until then the library stays ready.
        let __rt0_ready = match #gate {
            ::core::result::Result::Ok(ready) => ready,
            #[allow(unused_variables)]
            ::core::result::Result::Err(__rt0_error) => { #refused }
        };
    };
    // What holds off a cancellation is dropped last.
    function
        .block
        .stmts
        .splice(0..0, shield.into_iter().chain([gate]));
    let symbol = symbol(&function)
        .map(|symbol| describe::record(quote!(SYMBOL), &[describe::text(quote!(NAME), &symbol)]));
    Ok(quote! {
        #function
        #symbol
    })
}

/// The statement that holds off a `pthread_cancel`. That belongs to a thread, so an async function has none.
fn shield(chosen: Option<bool>, function: &ItemFn) -> Result<Option<Stmt>> {
    if function.sig.asyncness.is_some() {
        return match chosen {
            Some(true) => Err(Error::new_spanned(
                &function.sig,
                "an async function runs on threads of an executor, which no host cancels: remove `uncancelled`",
            )),
            _ => Ok(None),
        };
    }
    let on = chosen
        .unwrap_or_else(|| function::names("tokio", function) || function::names("rt0", function));
    Ok(Some(parse_quote! {
        let __rt0_uncancelled = ::rt0::__private::UncancelledCall::<#on>::begin();
    }))
}

/// What the author has chosen for when the gate fails.
enum Chosen {
    Nothing,
    /// This value.
    Or(Expr),
    /// What this function makes of the error.
    OrElse(Expr),
    /// The error that this function makes of the error.
    Error(Expr),
}

impl Chosen {
    fn of(options: &mut Options) -> Result<Chosen> {
        let all = [
            options.expr("or")?.map(Chosen::Or),
            options.expr("or_else")?.map(Chosen::OrElse),
            options.expr("error")?.map(Chosen::Error),
        ];
        let mut all = all.into_iter().flatten();
        match (all.next(), all.next()) {
            (None, _) => Ok(Chosen::Nothing),
            (Some(one), None) => Ok(one),
            (_, Some(Chosen::Or(second) | Chosen::OrElse(second) | Chosen::Error(second))) => {
                Err(Error::new_spanned(
                    second,
                    "`or`, `or_else` and `error` exclude each other: keep one",
                ))
            }
            (_, Some(Chosen::Nothing)) => unreachable!("an option has a value"),
        }
    }
}

/// The code that leaves the function with `__rt0_error`.
fn refused(chosen: Chosen, function: &ItemFn) -> Result<Tokens> {
    Ok(match chosen {
        Chosen::Or(Expr::Path(path)) if path.path.is_ident("abort") => {
            quote!(::rt0::__private::abort())
        }
        Chosen::Or(value) => quote!(return #value),
        // As an argument of this function, a closure gets its parameter's type.
        Chosen::OrElse(made) => quote!(return ::rt0::__private::made_from(__rt0_error, #made)),
        Chosen::Error(made) => quote! {
            return ::core::result::Result::Err(::rt0::__private::made_from(__rt0_error, #made))
        },
        Chosen::Nothing => match &function.sig.output {
            ReturnType::Type(_, ty) if can_be_a_result(ty) => {
                let span = place(&ty);
                match error_argument(ty).filter(|_| is_result(ty)) {
                    Some(of_error) => {
                        let own = quote_spanned!(span=> ::rt0::__private::own #of_error);
                        quote!(return ::core::result::Result::Err(#own (__rt0_error)))
                    }
                    // It may be an alias, so the compiler must find out what it is.
                    None => quote_spanned!(span=> return ::rt0::__private::refused(__rt0_error)),
                }
            }
            _ => {
                return Err(Error::new_spanned(
                    &function.sig,
                    "this function can't report an error: return a `Result`, or choose what it returns when the gate fails: `#[rt0::gated(or = VALUE)]` or `#[rt0::gated(or_else = |error| VALUE)]`",
                ));
            }
        },
    })
}

fn is_result(ty: &Type) -> bool {
    last_name(ty).is_some_and(|name| name == "Result")
}

/// Whether this can be a `Result` by its name: any that std has not given to another type.
fn can_be_a_result(ty: &Type) -> bool {
    const OTHERS: &str = " bool char f32 f64 i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize String \
        Option Vec Box Arc Rc Cow ";
    last_name(ty).is_some_and(|name| !OTHERS.contains(&format!(" {name} ")))
}

/// napi-rs puts the attributes that stand below its own also on the function that it makes for node: an
/// `extern "C" fn`, or an `unsafe fn` for a property. That function calls the author's, which passes the gate.
fn is_made_by_napi(function: &ItemFn) -> bool {
    let Some(FnArg::Typed(first)) = function.sig.inputs.first() else {
        return false;
    };
    let Type::Path(ty) = &*first.ty else {
        return false;
    };
    let names = ty.path.segments.iter().map(|segment| &segment.ident);
    let is_path_of_napis = names.clone().any(|name| name == "bindgen_prelude");
    let is_for_node =
        function.sig.abi.is_some() || matches!(function.sig.safety, Safety::Unsafe(_));
    is_for_node && is_path_of_napis && names.last().is_some_and(|name| name == "napi_env")
}

/// A function that returns a future is over before its work begins, and its guard with it. Some attributes
/// make such a function from an `async fn`.
fn check_not_rewritten(function: &ItemFn) -> Result<()> {
    let ReturnType::Type(_, ty) = &function.sig.output else {
        return Ok(());
    };
    if !is_future(ty) {
        return Ok(());
    }
    Err(Error::new_spanned(
        ty,
        "this function returns a future, which begins its work after the function has passed the gate and left it: make it an `async fn`; or, if another attribute has rewritten your `async fn`, put `#[rt0::gated]` above that attribute, or, where that is an attribute of a whole `impl`, await `rt0::ready_async()` in the body instead",
    ))
}

fn is_future(ty: &Type) -> bool {
    let is_named = |name: &str| matches!(name, "Future" | "BoxFuture" | "LocalBoxFuture");
    let is_bound = |bound: &TypeParamBound| match bound {
        TypeParamBound::Trait(bound) => {
            let last = bound.path.segments.last();
            last.is_some_and(|last| is_named(&last.ident.to_string()))
        }
        _ => false,
    };
    match ty {
        Type::ImplTrait(ty) => ty.bounds.iter().any(is_bound),
        Type::TraitObject(ty) => ty.bounds.iter().any(is_bound),
        Type::Path(_) => match (last_name(ty).as_deref(), first_argument(ty)) {
            (Some("Pin" | "Box"), Some(inner)) => is_future(inner),
            (Some(name), _) => is_named(name),
            (None, _) => false,
        },
        _ => false,
    }
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
