//! `#[rt0::main]` and `#[rt0::exit]`: functions that rt0 calls.

use proc_macro2::TokenStream as Tokens;
use quote::{format_ident, quote};
use syn::{Error, FnArg, Result, ReturnType};

use crate::describe;
use crate::function;
use crate::options::Options;
use crate::syntax::{error_argument, first_argument, last_name};

/// Which hook.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Main,
    Exit,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Main => "main",
            Kind::Exit => "exit",
        }
    }
}

pub fn expand(kind: Kind, options: Tokens, item: Tokens) -> Result<Tokens> {
    let name = kind.name();
    Options::parse(options)?.finish_empty(name)?;
    let function = function::parse(name, item)?;
    function::check_plain(name, &function.sig)?;
    let arguments = function
        .sig
        .inputs
        .iter()
        .map(|input| argument(kind, input))
        .collect::<Result<Vec<_>>>()?;
    let author = &function.sig.ident;
    let call = quote!(#author(#(#arguments),*));
    let is_async = function.sig.asyncness.is_some();
    let what = format!("an async {name}");
    let require = is_async.then(|| quote!(::rt0::__private::require_async!(#what);));
    let call = match kind {
        _ if !is_async => call,
        Kind::Main => quote!(__rt0_context.block_on(#call)),
        Kind::Exit => quote!(__rt0_context.block_on_in_time(#call)?),
    };
    let (fallible, of_error) = match &function.sig.output {
        ReturnType::Type(_, ty) => (
            last_name(ty).is_some_and(|name| name == "Result"),
            error_argument(ty),
        ),
        ReturnType::Default => (false, None),
    };
    let result = if fallible {
        quote!(#call.map(|_| ()).map_err(|error| ::rt0::__private::shown #of_error (&error)))
    } else {
        quote!(::core::result::Result::Ok({ #call; }))
    };
    let module = format_ident!("__rt0_{name}");
    let run = format_ident!("__rt0_run_{name}");
    let symbol = format!("rt0_{name}_of_this_library");
    let word = format_ident!("{symbol}");
    let record = describe::record(quote!(HOOK), &[describe::text(quote!(NAME), name)]);
    Ok(quote! {
        #function

        // In the function's scope, so that the types in its signature resolve.
        #[doc(hidden)]
        #[allow(clippy::all, clippy::pedantic)]
        fn #run(
            __rt0_context: &::rt0::__private::HookContext<'_>,
        ) -> ::core::result::Result<(), ::rt0::__private::std::string::String> {
            #result
        }

        #[doc(hidden)]
        #[allow(unused_imports, missing_docs, clippy::all, clippy::pedantic)]
        mod #module {
            #require

            static HOOK: ::rt0::__private::Hook = ::rt0::__private::Hook(super::#run);
            ::rt0::__private::rt0_core::define_word!(#symbol, HOOK);
            ::rt0::__private::keep_word!(#word);
            #record
        }
    })
}

fn argument(kind: Kind, input: &FnArg) -> Result<Tokens> {
    if let FnArg::Typed(input) = input {
        match (last_name(&input.ty).as_deref(), first_argument(&input.ty)) {
            (Some("SharedState"), Some(state)) => {
                return Ok(quote!(__rt0_context.state::<#state>()));
            }
            (Some("Stop"), None) if kind == Kind::Main => return Ok(quote!(__rt0_context.stop())),
            _ => {}
        }
    }
    let known = match kind {
        Kind::Main => "main takes `rt0::SharedState<T>` and `rt0::Stop`",
        Kind::Exit => "exit takes `rt0::SharedState<T>` or nothing",
    };
    Err(Error::new_spanned(input, known))
}
