//! An async function: three C functions. The blocking twin waits for it, `_begin` starts it as an op and returns
//! at once, `_end` takes the op's result.

use proc_macro2::TokenStream as Tokens;
use quote::{quote, quote_spanned};
use syn::{Error, ItemFn, LitStr, Result, Type};

use super::wrapper::{self, Needs, allow, err};
use super::{Chosen, Exported};
use crate::describe;
use crate::keep::{self, Kept};
use crate::lower::Param;
use crate::options::milliseconds;
use crate::returned::{self, Out};
use crate::syntax::{first_argument, last_name, place};

pub fn exported(
    function: &ItemFn,
    symbol: &str,
    params: &[Param],
    result: &Type,
    chosen: Chosen,
) -> Result<Exported> {
    let timeout = chosen.timeout.as_ref().map(timeout).transpose()?;
    refuse_options(&chosen)?;
    let value = match (last_name(result).as_deref(), first_argument(result)) {
        (Some("Result"), Some(value)) => value,
        (Some("Result"), None) => return Err(wrapper::without_types(result)),
        _ => {
            return Err(Error::new_spanned(
                &function.sig,
                "an op can end without a value, by a shutdown for one, and a host must hear of it: return `Result<T, E>`",
            ));
        }
    };
    check_result(value)?;
    let begin = format!("{symbol}_begin");
    let kept = function
        .sig
        .inputs
        .iter()
        .map(|input| keep::param(&begin, input))
        .collect::<Result<Vec<_>>>()?;
    let out = returned::out(symbol, value)?;
    let twin = wrapper::reporting(
        symbol,
        params,
        &out,
        (
            wrapper::reporting_author(function, (result, value)),
            call(params),
        ),
        Needs {
            enter: false,
            generation: true,
            // It waits, and polls the author's future.
            uncancelled: quote!(true),
        },
    );
    let kind = kind(symbol, timeout, &out);
    let begin = begins(function, &begin, params, &kept);
    let end = ends(&format!("{symbol}_end"), value)?;
    let timeout_ms = timeout.map_or(-1, i64::from);
    let checks = kept.iter().map(|kept| &kept.check);
    Ok(Exported {
        code: quote! {
            #kind
            #twin

            const _: () = {
                #(#checks)*
                #begin
                #end
            };
        },
        items: vec![
            describe::number(quote!(ASYNC), quote!(::rt0::__private::FUTURE)),
            describe::number(quote!(TIMEOUT_MS), quote!(#timeout_ms)),
        ],
    })
}

/// `"500ms"`, `"5s"`, `"2min"`.
fn timeout(text: &LitStr) -> Result<u32> {
    match milliseconds(&text.value()) {
        Some(ms) if ms > 0 && i32::try_from(ms).is_ok() => Ok(ms),
        _ => Err(Error::new(
            text.span(),
            "`timeout` is a whole number above zero with a unit, as in \"500ms\", \"5s\" or \"2min\", of at most 24 days",
        )),
    }
}

/// Refuses what an async function has by itself, or can't have.
fn refuse_options(chosen: &Chosen) -> Result<()> {
    let place = proc_macro2::Span::call_site();
    if let Some(or) = &chosen.or {
        return Err(Error::new_spanned(
            or,
            "an async export returns a `Result`, which reports its errors: remove `or`",
        ));
    }
    if chosen.enter.is_some() {
        return Err(Error::new(
            place,
            "an async export always runs in the runtime's context: remove `enter`",
        ));
    }
    if chosen.uncancelled.is_some() {
        return Err(Error::new(
            place,
            "an async export always holds off the cancellation of a thread that waits for it: remove `uncancelled`",
        ));
    }
    Ok(())
}

/// Refuses what the host would get after it is gone.
fn check_result(value: &Type) -> Result<()> {
    let inner = match (last_name(value).as_deref(), first_argument(value)) {
        (Some("Option"), Some(inner)) => inner,
        _ => value,
    };
    match inner {
        Type::Reference(reference)
            if reference
                .lifetime
                .as_ref()
                .is_none_or(|lifetime| lifetime.ident != "static") =>
        {
            Err(Error::new_spanned(
                value,
                "the result of an async export outlives what it has borrowed: return a `String`, a `Vec` or a value",
            ))
        }
        _ => Ok(()),
    }
}

/// What the runtime knows about the export: one static, by whose address its ops are told from others'.
fn kind(symbol: &str, timeout: Option<u32>, out: &Out) -> Tokens {
    let timeout = match timeout {
        Some(ms) => quote!(::core::option::Option::Some(#ms)),
        None => quote!(::core::option::Option::None),
    };
    let of_generation = out.uses_generation;
    quote! {
        ::rt0::__private::expecting!();

        static __RT0_KIND: ::rt0::__private::Expecting<::rt0::__private::ops::Kind> =
            ::rt0::__private::Expecting::new(
                ::rt0::__private::ops::Kind::new(#symbol, #timeout, #of_generation),
                (&raw const __rt0_expecting::INIT).cast(),
            );
    }
}

/// The twin's statements. The host waits, so its arguments are lent as they are.
fn call(params: &[Param]) -> Tokens {
    let converted = wrapper::converted(params);
    let arguments = params.iter().map(|param| &param.argument);
    quote! {
        #converted
        let __rt0_value = ::rt0::__private::ops::block_on(
            &__rt0_call,
            &__RT0_KIND.0,
            |__rt0_call, __rt0_cancel| __rt0_author(#(#arguments),*),
        );
    }
}

fn begins(function: &ItemFn, symbol: &str, params: &[Param], kept: &[Kept]) -> Tokens {
    let in_c = params.iter().flat_map(|param| &param.c);
    let (allow, err) = (allow(), err());
    let holds = kept.iter().map(|kept| &kept.hold);
    let takes = kept.iter().map(|kept| &kept.take);
    let makes = kept.iter().map(|kept| &kept.make);
    let arguments = kept.iter().map(|kept| &kept.argument);
    // Shown there if the author's future can't go to another thread.
    let start = quote_spanned!(place(&function.sig.ident)=> ::rt0::__private::ops::Begin::start);
    quote! {
        #allow
        #[unsafe(export_name = #symbol)]
        unsafe extern "C" fn __rt0_begin(
            #(#in_c,)*
            __rt0_timeout_ms: i32,
            __rt0_queue: *mut ::rt0::__private::ops::Queue,
            __rt0_tag: u64,
            __rt0_op: *mut *mut ::rt0::__private::ops::Op,
            #err
        ) -> i32 {
            // SAFETY: the host keeps to the C header.
            unsafe {
                ::rt0::__private::run(#symbol, __rt0_err, || {
                    let __rt0_begin = ::rt0::__private::ops::Begin::check(
                        &__RT0_KIND.0,
                        __rt0_timeout_ms,
                        __rt0_queue,
                        __rt0_tag,
                        __rt0_op,
                    )?;
                    #(#holds)*
                    #(#takes)*
                    #start(
                        __rt0_begin,
                        move |__rt0_call: &::rt0::__private::Call, __rt0_cancel: ::rt0::Cancel| {
                            #(#makes)*
                            async move { __rt0_author(#(#arguments),*).await }
                        },
                    )
                })
            }
        }
    }
}

fn ends(symbol: &str, value: &Type) -> Result<Tokens> {
    let out = returned::out(symbol, value)?;
    let (in_c, check, put) = (&out.c, &out.check, &out.put);
    let (allow, err) = (allow(), err());
    Ok(quote! {
        #allow
        #[unsafe(export_name = #symbol)]
        unsafe extern "C" fn __rt0_end(
            __rt0_op: *mut ::rt0::__private::ops::Op,
            #(#in_c,)*
            #err
        ) -> i32 {
            // SAFETY: the host keeps to the C header.
            unsafe {
                ::rt0::__private::run(#symbol, __rt0_err, || {
                    #check
                    ::rt0::__private::ops::end::<#value>(
                        &__RT0_KIND.0,
                        __rt0_op,
                        |__rt0_call, __rt0_value| {
                            #put
                            ::core::result::Result::Ok(())
                        },
                    )
                })
            }
        }
    })
}
