//! What an async export keeps of its parameters: it goes on when the host's call has returned, so what the host
//! passes is copied, held or taken at the start, and lent to the author's future from there.

use proc_macro2::{Ident, TokenStream as Tokens};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Error, FnArg, Result, Type};

use crate::lower::{Form, at, length_of, pattern};
use crate::syntax::{first_argument, last_name, place};

/// What a parameter needs from `_begin` to the end of the future.
#[derive(Default)]
pub struct Kept {
    /// An item that fails to compile if the type leads to what the host only lends.
    pub check: Tokens,
    /// Statements of `_begin` that copy or hold it. Each can refuse the call.
    pub hold: Tokens,
    /// Statements of `_begin` that take it from the host: when nothing can refuse the call any more.
    pub take: Tokens,
    /// Statements that make it when the op starts.
    pub make: Tokens,
    /// The argument of the author's function, in the block that owns what was kept.
    pub argument: Tokens,
}

/// Whether this is `rt0::Cancel`, which rt0 supplies.
pub fn is_cancel(ty: &Type) -> bool {
    last_name(ty).as_deref() == Some("Cancel") && first_argument(ty).is_none()
}

pub fn param(symbol: &str, arg: &FnArg) -> Result<Kept> {
    let (name, ty) = pattern(arg)?;
    let holder = holder(name);
    if is_cancel(ty) {
        return Ok(Kept {
            argument: quote!(__rt0_cancel),
            ..Kept::default()
        });
    }
    if let (Some("SharedState"), Some(state)) = (last_name(ty).as_deref(), first_argument(ty)) {
        return Ok(Kept {
            make: quote! {
                let #holder = ::rt0::__private::Call::shared_state::<#state>(__rt0_call);
            },
            argument: quote!(#holder),
            ..Kept::default()
        });
    }
    check(ty)?;
    let kept = match (last_name(ty).as_deref(), first_argument(ty)) {
        (Some("Option"), Some(inner)) if !matches!(inner, Type::FnPtr(_)) => {
            kept(symbol, name, inner, true)
        }
        _ => kept(symbol, name, ty, false),
    }?;
    Ok(Kept {
        check: borrows_nothing(ty),
        ..kept
    })
}

/// What the tokens do not say: that the type is an alias of a pointer or a callback, or a struct with one inside.
fn borrows_nothing(ty: &Type) -> Tokens {
    let inner = match (last_name(ty).as_deref(), first_argument(ty)) {
        (Some("Option"), Some(inner)) => inner,
        _ => ty,
    };
    let (of, how) = match Form::of(inner) {
        Ok(Form::Slice { of, .. }) => (of, quote!(CType)),
        Ok(Form::Reference { to, .. }) => (to, quote!(Referent)),
        Ok(Form::Value(of)) => (of, quote!(FromC)),
        _ => return Tokens::new(),
    };
    quote_spanned! {place(of)=>
        const _: () = ::core::assert!(
            !<#of as ::rt0::__private::#how>::BORROWS,
            "an async export goes on when the host's call has returned: its parameters can't hold pointers or callbacks of the host's",
        );
    }
}

/// A parameter of this type, or of an `Option` of it.
fn kept(symbol: &str, name: &Ident, ty: &Type, is_option: bool) -> Result<Kept> {
    let form = Form::of(ty)?;
    let (holder, mut value) = (holder(name), value(&form, symbol, name));
    let option = quote!(::core::option::Option);
    if is_option {
        let at = at(name);
        value = quote!(if #at.is_null() { #option::None } else { #option::Some(#value) });
    }
    let mut hold = quote!(let #holder = #value;);
    let mut take = Tokens::new();
    let argument = match form {
        Form::Text { owned: true } | Form::Slice { owned: true, .. } | Form::Value(_) => {
            quote!(#holder)
        }
        Form::Reference { mutable: true, .. } => {
            hold = quote!(let mut #holder = #value;);
            match is_option {
                true => quote!(#option::as_deref_mut(&mut #holder)),
                false => quote!(&mut *#holder),
            }
        }
        Form::Text { .. } | Form::Slice { .. } | Form::Reference { .. } => match is_option {
            true => quote!(#option::as_deref(&#holder)),
            false => quote!(&*#holder),
        },
        Form::Handle(_) => {
            let call = call(symbol, name);
            take = match is_option {
                false => quote!(let #holder = #holder.take(#call);),
                // Moved as a whole: nothing may borrow from the op when it starts.
                true => quote! {
                    let #holder: ::core::result::Result<_, ::rt0::__private::Failure> = #option::transpose(
                        #option::map(#holder, |held| ::core::result::Result::Ok(held.take(#call))),
                    );
                    let #holder = #holder?;
                },
            };
            quote!(#holder)
        }
    };
    Ok(Kept {
        hold,
        take,
        argument,
        ..Kept::default()
    })
}

/// An expression for what `_begin` keeps, from the C parameters of this name.
fn value(form: &Form<'_>, symbol: &str, name: &Ident) -> Tokens {
    let shown = shown(symbol, name);
    let (at, len) = (at(name), length_of(name));
    let (arg, ops) = (quote!(::rt0::__private::arg), quote!(::rt0::__private::ops));
    match form {
        Form::Text { .. } => quote!(#arg::copied_text(#shown, #at, #len)?),
        Form::Slice { of, .. } => {
            let copied = quote_spanned!(place(of)=> #arg::copied_slice::<#of>);
            quote!(#copied(#shown, #at, #len)?)
        }
        Form::Reference { to, mutable: false } => {
            let shared = quote_spanned!(place(to)=> #ops::lent::shared::<#to>);
            quote!(#shared(&__rt0_begin, #shown, #at)?)
        }
        Form::Reference { to, mutable: true } => {
            let alone = quote_spanned!(place(to)=> #ops::lent::alone::<#to>);
            quote!(#alone(&__rt0_begin, #shown, #at.cast())?)
        }
        Form::Handle(of) => {
            let call = call(symbol, name);
            quote!(::rt0::__private::handle::exclusive::<#of>(#call, #shown, #at)?)
        }
        Form::Value(ty) => {
            let value = quote_spanned!(place(ty)=> #arg::value::<#ty>);
            quote!(#value(#shown, #at)?)
        }
    }
}

/// The call that a handle needs: an expression that refuses the call before the boot.
fn call(symbol: &str, name: &Ident) -> Tokens {
    let shown = shown(symbol, name);
    quote!(__rt0_begin.call(#shown)?)
}

fn shown(symbol: &str, name: &Ident) -> String {
    format!("{symbol}: {}", name.unraw())
}

fn holder(name: &Ident) -> Ident {
    format_ident!("__rt0_in_{}", name.unraw())
}

/// Refuses what can't outlive the host's call, as far as the tokens say it.
fn check(ty: &Type) -> Result<()> {
    let inner = match (last_name(ty).as_deref(), first_argument(ty)) {
        (Some("State"), Some(_)) => {
            return refuse(
                ty,
                "an async export goes on when the host's call has returned, and `State` is borrowed for a call: take `rt0::SharedState<T>`",
            );
        }
        (Some("Option"), Some(inner)) => inner,
        _ => ty,
    };
    match inner {
        Type::Reference(reference)
            if reference.mutability.is_some() && matches!(&*reference.elem, Type::Slice(_)) =>
        {
            refuse(
                ty,
                "an async export goes on when the host's call has returned, and the host's memory may be gone then: take `&[T]`, which is copied, and return a `Vec<T>`",
            )
        }
        Type::Ptr(_) => refuse(
            ty,
            "an async export goes on when the host's call has returned, and what this pointer leads to may be gone then: take `&T`, `&[T]` or `&str`, which are copied, or a `#[rt0::handle]`",
        ),
        Type::FnPtr(_) => refuse(
            ty,
            "an async export goes on when the host's call has returned, and it must not call the host back from then on: the host hears from its queue that the op is done; a function that calls back is a plain `fn`",
        ),
        _ => Ok(()),
    }
}

fn refuse<T>(ty: &Type, text: &str) -> Result<T> {
    Err(Error::new_spanned(ty, text))
}
