//! How a Rust function's result is passed to C.

use proc_macro2::TokenStream as Tokens;
use quote::{quote, quote_spanned};
use syn::{Error, Result, Type};

use crate::syntax::{first_argument, last_name, place};

/// What the success value of a `Result` needs in the wrapper.
pub struct Out {
    /// The C parameters.
    pub c: Vec<Tokens>,
    /// Statements that check them before the call does its work.
    pub check: Tokens,
    /// Statements that write `__rt0_value` to them.
    pub put: Tokens,
    /// Whether writing it needs the generation.
    pub uses_generation: bool,
}

/// The outputs for a `Result<T, E>`, where `ty` is `T`.
pub fn out(symbol: &str, ty: &Type) -> Result<Out> {
    if is_unit(ty) {
        return Ok(Out {
            c: Vec::new(),
            check: Tokens::new(),
            put: quote!(let () = __rt0_value;),
            uses_generation: false,
        });
    }
    if last_name(ty).as_deref() == Some("Option") {
        if let Some(inner) = first_argument(ty) {
            if !matches!(inner, Type::FnPtr(_)) {
                return optional(symbol, inner);
            }
        }
    }
    let form = Form::of(ty)?;
    let put = form.put(symbol, &quote!(__rt0_value));
    Ok(form.out(symbol, put))
}

fn optional(symbol: &str, inner: &Type) -> Result<Out> {
    let form = Form::of(inner)?;
    let put = form.put(symbol, &quote!(__rt0_value));
    let mut out = form.out(symbol, Tokens::new());
    if let Form::Value(_) = form {
        out.c.push(quote!(__rt0_out_some: *mut bool));
        let some = format!("{symbol}: out_some");
        let check = out.check;
        let one = format!("{symbol}: out");
        out.check = quote! {
            #check
            ::rt0::__private::arg::out(#some, __rt0_out_some)?;
            ::rt0::__private::arg::outs_apart((#one, __rt0_out), (#some, __rt0_out_some))?;
        };
        out.put = quote! {
            __rt0_out_some.write(::core::option::Option::is_some(&__rt0_value));
            if let ::core::option::Option::Some(__rt0_value) = __rt0_value { #put }
        };
    } else {
        let no_length = form.has_length().then(|| {
            quote!(if !__rt0_out_len.is_null() {
                __rt0_out_len.write(0);
            })
        });
        out.put = quote! {
            match __rt0_value {
                ::core::option::Option::Some(__rt0_value) => { #put }
                ::core::option::Option::None => {
                    __rt0_out.write(::core::ptr::null_mut());
                    #no_length
                }
            }
        };
    }
    Ok(out)
}

enum Form<'a> {
    Text,
    Vec(&'a Type),
    Handle(&'a Type),
    Value(&'a Type),
}

impl<'a> Form<'a> {
    fn of(ty: &'a Type) -> Result<Form<'a>> {
        if let Type::Reference(reference) = ty {
            return match &*reference.elem {
                Type::Path(path) if path.path.is_ident("str") => Ok(Form::Text),
                _ => Err(Error::new_spanned(
                    ty,
                    "a host can't know how long a reference lives: return a value, a `Vec`, a `String` or a `Box` of a handle",
                )),
            };
        }
        Ok(match (last_name(ty).as_deref(), first_argument(ty)) {
            (Some("String"), None) => Form::Text,
            (Some("Vec"), Some(of)) => Form::Vec(of),
            (Some("Box"), Some(of)) => Form::Handle(of),
            (Some("Option"), Some(Type::FnPtr(_))) => Form::Value(ty),
            (Some("Option" | "Result"), Some(_)) => {
                return Err(Error::new_spanned(
                    ty,
                    "an `Option` or a `Result` can't stand inside another",
                ));
            }
            _ => Form::Value(ty),
        })
    }

    fn has_length(&self) -> bool {
        matches!(self, Form::Text | Form::Vec(_))
    }

    fn put(&self, symbol: &str, value: &Tokens) -> Tokens {
        match self {
            Form::Text => {
                quote!(::rt0::__private::give_string(__rt0_out, __rt0_out_len, ::core::convert::Into::into(#value))?;)
            }
            Form::Vec(of) => {
                quote!(::rt0::__private::give_vec::<#of>(__rt0_out, __rt0_out_len, #value)?;)
            }
            Form::Handle(_) => {
                let subject = format!("{symbol}:");
                quote!(__rt0_out.write(::rt0::__private::handle::give(&__rt0_call, #subject, #value)?);)
            }
            Form::Value(ty) => quote!(::rt0::__private::put::<#ty>(__rt0_out, #value);),
        }
    }

    fn out(&self, symbol: &str, put: Tokens) -> Out {
        let (one, many) = (format!("{symbol}: out"), format!("{symbol}: out_len"));
        let arg = quote!(::rt0::__private::arg);
        let (c, check) = match self {
            Form::Text => (
                vec![
                    quote!(__rt0_out: *mut *mut ::core::ffi::c_char),
                    quote!(__rt0_out_len: *mut usize),
                ],
                quote! {
                    #arg::out(#one, __rt0_out)?;
                    #arg::out_or_null(#many, __rt0_out_len)?;
                    #arg::outs_apart((#one, __rt0_out), (#many, __rt0_out_len))?;
                },
            ),
            Form::Vec(of) => (
                vec![
                    quote!(__rt0_out: *mut *mut #of),
                    quote!(__rt0_out_len: *mut usize),
                ],
                quote! {
                    #arg::out(#one, __rt0_out)?;
                    #arg::out(#many, __rt0_out_len)?;
                    #arg::outs_apart((#one, __rt0_out), (#many, __rt0_out_len))?;
                },
            ),
            Form::Handle(of) => (
                {
                    let opaque =
                        quote_spanned!(place(of)=> <#of as ::rt0::__private::Handle>::Opaque);
                    vec![quote!(__rt0_out: *mut *mut #opaque)]
                },
                quote!(#arg::out(#one, __rt0_out)?;),
            ),
            Form::Value(ty) => (vec![quote!(__rt0_out: *mut #ty)], {
                let given = quote_spanned!(place(&ty)=> ::rt0::__private::given::<#ty>(););
                quote!(#given #arg::out(#one, __rt0_out)?;)
            }),
        };
        Out {
            c,
            check,
            put,
            uses_generation: matches!(self, Form::Handle(_)),
        }
    }
}

pub fn is_unit(ty: &Type) -> bool {
    matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty())
}
