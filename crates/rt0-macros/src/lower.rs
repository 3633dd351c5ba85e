//! How the C function's parameters become those of the Rust function.
//!
//! The rules are those of the C header: the `c` module of `cargo-rt0` has the same table from the other side.

use proc_macro2::TokenStream as Tokens;
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Error, FnArg, Ident, Pat, Result, Type};

use crate::describe;
use crate::syntax::{first_argument, last_name, place};

/// What a parameter needs in the wrapper.
pub struct Param {
    /// The C parameters: `name: Type`.
    pub c: Vec<Tokens>,
    /// Statements that convert them to what the author's function takes.
    pub convert: Tokens,
    /// The argument of the author's function.
    pub argument: Tokens,
    /// The memory that they point to, as an `arg::Range`; `None` for a parameter passed by value.
    pub range: Option<Tokens>,
    /// For memory that the call may change: a guard that clears the padding, so that no bytes of the process
    /// leak there.
    pub tidied: Option<Tokens>,
    /// A constant expression: whether the call needs the generation while it runs.
    pub uses_generation: Tokens,
    /// A constant expression: whether it is a callback of the host's.
    pub is_callback: Tokens,
    /// Whether the call takes a handle back from the host.
    pub takes_handle: bool,
    /// Name and type in the description; empty for a parameter that hosts do not see.
    pub items: Vec<Tokens>,
}

pub fn param(symbol: &str, arg: &FnArg) -> Result<Param> {
    let (name, ty) = pattern(arg)?;
    lower(symbol, name, ty)
}

/// The name and the type of a parameter.
pub fn pattern(arg: &FnArg) -> Result<(&Ident, &Type)> {
    let FnArg::Typed(arg) = arg else {
        return Err(Error::new_spanned(
            arg,
            "an export can't take `self`: use `#[rt0::export]` on a plain function",
        ));
    };
    if let Some(attribute) = arg
        .attrs
        .iter()
        .find(|attribute| attribute.path().is_ident("cfg"))
    {
        return Err(Error::new_spanned(
            attribute,
            "a parameter of an export can't depend on a `cfg`: write two functions, each with its own `cfg`",
        ));
    }
    let Pat::Ident(pattern) = &*arg.pat else {
        return Err(Error::new_spanned(
            &arg.pat,
            "a parameter of an export must be a name, not a pattern",
        ));
    };
    Ok((&pattern.ident, &arg.ty))
}

fn lower(symbol: &str, name: &Ident, ty: &Type) -> Result<Param> {
    if let Some(state) = first_argument(ty) {
        match last_name(ty).as_deref() {
            Some("State") => {
                return Ok(injected(
                    quote!(::rt0::__private::Call::state::<#state>(&__rt0_call)),
                ));
            }
            Some("SharedState") => {
                return Ok(injected(
                    quote!(::rt0::__private::Call::shared_state::<#state>(&__rt0_call)),
                ));
            }
            _ => {}
        }
    }
    let mut param = visible(symbol, name, ty)?;
    let shown = name.unraw().to_string();
    param.items = vec![
        describe::text(quote!(PARAM), &shown),
        describe::ty(quote!(TYPE), describe::type_code(ty)),
    ];
    Ok(param)
}

/// A statement that refuses the call if memory that it may change overlaps other arguments. `None` if the
/// call changes nothing.
pub fn apart(params: &[Param]) -> Option<Tokens> {
    let changes = params.iter().any(|param| param.tidied.is_some());
    let ranges: Vec<_> = params
        .iter()
        .filter_map(|param| param.range.as_ref())
        .collect();
    (changes && ranges.len() > 1).then(|| quote!(::rt0::__private::arg::apart([#(#ranges),*])?;))
}

/// A parameter that rt0 supplies.
pub fn injected(argument: Tokens) -> Param {
    Param {
        c: Vec::new(),
        convert: Tokens::new(),
        argument,
        range: None,
        tidied: None,
        uses_generation: quote!(true),
        is_callback: quote!(false),
        takes_handle: false,
        items: Vec::new(),
    }
}

fn visible(symbol: &str, name: &Ident, ty: &Type) -> Result<Param> {
    if let (Some("Option"), Some(inner)) = (last_name(ty).as_deref(), first_argument(ty)) {
        if !matches!(inner, Type::FnPtr(_)) {
            return optional(symbol, name, inner);
        }
    }
    let form = Form::of(ty)?;
    let value = form.value(symbol, name);
    let holder = format_ident!("__rt0_in_{}", name.unraw());
    let (convert, argument) = match form {
        Form::Reference { mutable: false, .. } => {
            (quote!(let #holder = #value;), quote!(&*#holder))
        }
        Form::Reference { mutable: true, .. } => {
            (quote!(let mut #holder = #value;), quote!(&mut *#holder))
        }
        // The handle is taken from the host last, when nothing can refuse the call any more.
        Form::Handle(_) => (
            quote!(let #holder = #value;),
            quote!(#holder.take(&__rt0_call)),
        ),
        _ => (quote!(let #holder = #value;), quote!(#holder)),
    };
    Ok(form.param(symbol, name, convert, argument))
}

fn optional(symbol: &str, name: &Ident, inner: &Type) -> Result<Param> {
    let form = Form::of(inner)?;
    if let Form::Value(_) = form {
        return Err(Error::new_spanned(
            inner,
            "C has no null for a value: an optional parameter can be `Option<&str>`, `Option<&[T]>`, `Option<&T>`, `Option<Box<T>>` or an `Option` of a function pointer",
        ));
    }
    let value = form.value(symbol, name);
    let at = at(name);
    let holder = format_ident!("__rt0_in_{}", name.unraw());
    let value = quote! {
        if #at.is_null() { ::core::option::Option::None } else { ::core::option::Option::Some(#value) }
    };
    let (convert, argument) = match form {
        Form::Reference { mutable: false, .. } => (
            quote!(let #holder = #value;),
            quote!(::core::option::Option::as_deref(&#holder)),
        ),
        Form::Reference { mutable: true, .. } => (
            quote!(let mut #holder = #value;),
            quote!(::core::option::Option::as_deref_mut(&mut #holder)),
        ),
        Form::Handle(_) => (
            quote!(let #holder = #value;),
            quote!(#holder.map(|held| held.take(&__rt0_call))),
        ),
        _ => (quote!(let #holder = #value;), quote!(#holder)),
    };
    Ok(form.param(symbol, name, convert, argument))
}

/// The forms that a type can take in C.
pub enum Form<'a> {
    Text {
        owned: bool,
    },
    Slice {
        of: &'a Type,
        mutable: bool,
        owned: bool,
    },
    Reference {
        to: &'a Type,
        mutable: bool,
    },
    Handle(&'a Type),
    Value(&'a Type),
}

impl<'a> Form<'a> {
    pub fn of(ty: &'a Type) -> Result<Form<'a>> {
        match ty {
            Type::ImplTrait(_) => {
                return Err(Error::new_spanned(ty, "C has no generics: name the type"));
            }
            Type::Paren(inner) => return Form::of(&inner.elem),
            Type::Group(inner) => return Form::of(&inner.elem),
            Type::Reference(reference) => {
                let mutable = reference.mutability.is_some();
                if let Some(lifetime) = &reference.lifetime {
                    if lifetime.ident == "static" {
                        return Err(Error::new_spanned(
                            lifetime,
                            "what a host passes is borrowed only for the call: leave out the lifetime, or take a `String` or a `Vec`",
                        ));
                    }
                }
                return match &*reference.elem {
                    Type::Path(path) if path.path.is_ident("str") && mutable => {
                        Err(Error::new_spanned(
                            ty,
                            "C can't promise that a changed text is still UTF-8: take `&mut [u8]`",
                        ))
                    }
                    Type::Path(path) if path.path.is_ident("str") => {
                        Ok(Form::Text { owned: false })
                    }
                    Type::Slice(slice) => Ok(Form::Slice {
                        of: &slice.elem,
                        mutable,
                        owned: false,
                    }),
                    to => Ok(Form::Reference { to, mutable }),
                };
            }
            _ => {}
        }
        Ok(match (last_name(ty).as_deref(), first_argument(ty)) {
            (Some("String"), None) => Form::Text { owned: true },
            (Some("Vec"), Some(of)) => Form::Slice {
                of,
                mutable: false,
                owned: true,
            },
            (Some("Box"), Some(of)) => Form::Handle(of),
            (Some("Result"), _) => {
                return Err(Error::new_spanned(ty, "a parameter can't be a `Result`"));
            }
            _ => Form::Value(ty),
        })
    }

    /// An expression for the Rust value, from the C parameters of this name.
    fn value(&self, symbol: &str, name: &Ident) -> Tokens {
        let shown = format!("{symbol}: {}", name.unraw());
        let (name, len) = (at(name), length_of(name));
        let arg = quote!(::rt0::__private::arg);
        match self {
            Form::Text { owned } => {
                let text = quote!(#arg::text(&__rt0_call, #shown, #name, #len)?);
                if *owned { to_owned(&text) } else { text }
            }
            Form::Slice {
                of, mutable: true, ..
            } => quote!(#arg::slice_mut::<#of>(&__rt0_call, #shown, #name, #len)?),
            Form::Slice { of, owned, .. } => {
                let slice = quote!(#arg::slice::<#of>(&__rt0_call, #shown, #name, #len)?);
                if *owned { to_owned(&slice) } else { slice }
            }
            Form::Reference { to, mutable: false } => {
                quote!(#arg::shared::<#to>(&__rt0_call, #shown, #name)?)
            }
            Form::Reference { to, mutable: true } => {
                quote!(#arg::exclusive::<#to>(&__rt0_call, #shown, #name)?)
            }
            Form::Handle(of) => {
                quote!(::rt0::__private::handle::exclusive::<#of>(&__rt0_call, #shown, #name)?)
            }
            Form::Value(ty) => quote!(#arg::value::<#ty>(#shown, #name)?),
        }
    }

    /// The memory that the C parameters of this name point to.
    fn range(&self, symbol: &str, name: &Ident) -> Option<Tokens> {
        let shown = format!("{symbol}: {}", name.unraw());
        let (name, len) = (at(name), length_of(name));
        let range = quote!(::rt0::__private::arg::Range);
        let changed = self.is_mutable();
        match self {
            Form::Text { .. } => Some(quote!(#range::of::<u8>(#shown, #name.cast(), #len, false))),
            Form::Slice { of, .. } => {
                Some(quote!(#range::of::<#of>(#shown, #name as *const _, #len, #changed)))
            }
            Form::Reference { to, .. } => {
                Some(quote!(#range::of::<#to>(#shown, #name as *const _, 1, #changed)))
            }
            Form::Handle(_) | Form::Value(_) => None,
        }
    }

    fn tidied(&self, name: &Ident) -> Option<Tokens> {
        let (guard, at, len) = (
            format_ident!("__rt0_tidied_{}", name.unraw()),
            at(name),
            length_of(name),
        );
        let guards = quote!(::rt0::__private::arg::Tidied);
        match self {
            Form::Slice {
                of: ty,
                mutable: true,
                ..
            } => Some(quote!(let #guard = #guards::<#ty>::of(#at, #len);)),
            Form::Reference { to, mutable: true } => {
                Some(quote!(let #guard = #guards::<#to>::of(#at, 1);))
            }
            _ => None,
        }
    }

    /// Whether the call may change the host's memory.
    fn is_mutable(&self) -> bool {
        matches!(
            self,
            Form::Slice { mutable: true, .. } | Form::Reference { mutable: true, .. }
        )
    }

    fn param(&self, symbol: &str, ident: &Ident, convert: Tokens, argument: Tokens) -> Param {
        let (name, len) = (at(ident), length_of(ident));
        let c = match self {
            Form::Text { .. } => {
                vec![
                    quote!(#name: *const ::core::ffi::c_char),
                    quote!(#len: usize),
                ]
            }
            Form::Slice {
                of, mutable: true, ..
            } => vec![quote!(#name: *mut #of), quote!(#len: usize)],
            Form::Slice { of, .. } => vec![quote!(#name: *const #of), quote!(#len: usize)],
            Form::Reference { to, mutable: false } => {
                let c = quote_spanned!(place(to)=> <#to as ::rt0::__private::Referent>::C);
                vec![quote!(#name: *const #c)]
            }
            Form::Reference { to, mutable: true } => {
                let c = quote_spanned!(place(to)=> <#to as ::rt0::__private::Referent>::C);
                vec![quote!(#name: *mut #c)]
            }
            Form::Handle(of) => {
                let opaque = quote_spanned!(place(of)=> <#of as ::rt0::__private::Handle>::Opaque);
                vec![quote!(#name: *mut #opaque)]
            }
            Form::Value(ty) => {
                let c = quote_spanned!(place(ty)=> <#ty as ::rt0::__private::FromC>::C);
                vec![quote!(#name: #c)]
            }
        };
        let uses_generation = match self {
            Form::Reference { to, .. } => {
                quote_spanned!(place(to)=> <#to as ::rt0::__private::Referent>::USES_GENERATION)
            }
            Form::Handle(_) => quote!(true),
            _ => quote!(false),
        };
        let is_callback = match self {
            Form::Value(ty) => is_callback(ty),
            _ => quote!(false),
        };
        Param {
            c,
            convert,
            argument,
            range: self.range(symbol, ident),
            tidied: self.tidied(ident),
            uses_generation,
            is_callback,
            takes_handle: matches!(self, Form::Handle(_)),
            items: Vec::new(),
        }
    }
}

/// A constant expression: whether this is a callback of the host's, or an `Option` of one.
fn is_callback(ty: &Type) -> Tokens {
    match ty {
        Type::FnPtr(_) => quote!(true),
        // The type's description also recognizes a callback behind an alias.
        Type::Path(_) => {
            let code = describe::type_code(ty);
            quote!(::rt0::__private::is_callback(&#code))
        }
        _ => quote!(false),
    }
}

/// An owned copy. It does not use method syntax: an author's trait may give every type a method of that name.
fn to_owned(value: &Tokens) -> Tokens {
    quote!(::rt0::__private::ToOwned::to_owned(#value))
}

/// The C parameter of this name. In the wrapper it has another name, because it must not hide the author's
/// function, `out` or `err`.
pub fn at(name: &Ident) -> Ident {
    format_ident!("__rt0_at_{}", name.unraw())
}

/// The C parameter that holds its length.
pub fn length_of(name: &Ident) -> Ident {
    format_ident!("__rt0_len_{}", name.unraw())
}
