//! `#[derive(rt0::CType)]`: structs and enums that hosts and the library share.

use proc_macro2::TokenStream as Tokens;
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{Attribute, Data, DataEnum, DeriveInput, Error, Fields, Ident, Result};

use crate::describe;
use crate::prefix::{check_c_identifier, depend_on_manifest, prefix};

pub fn expand(item: Tokens) -> Result<Tokens> {
    let item: DeriveInput = syn::parse2(item)?;
    if !item.generics.params.is_empty() {
        return Err(Error::new_spanned(
            &item.generics,
            "C has no generics: use concrete types",
        ));
    }
    let c_name = format!("{}_{}", prefix()?, item.ident.unraw());
    check_c_identifier(&item.ident)?;
    let body = match &item.data {
        Data::Struct(data) => structure(&item, &data.fields, &c_name)?,
        Data::Enum(data) => enumeration(&item, data, &c_name)?,
        Data::Union(_) => {
            return Err(Error::new_spanned(
                &item.ident,
                "a union's contents can't be checked: pass it behind a raw pointer",
            ));
        }
    };
    let manifest = depend_on_manifest();
    Ok(quote! {
        const _: () = {
            #manifest
            #body
        };
    })
}

/// The words in `#[repr(...)]`.
fn repr(attributes: &[Attribute]) -> Result<Vec<String>> {
    let mut words = Vec::new();
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("repr"))
    {
        attribute.parse_nested_meta(|meta| {
            words.extend(meta.path.get_ident().map(Ident::to_string));
            if meta.input.peek(syn::token::Paren) {
                let content;
                syn::parenthesized!(content in meta.input);
                content.parse::<Tokens>()?;
            }
            Ok(())
        })?;
    }
    Ok(words)
}

fn structure(item: &DeriveInput, fields: &Fields, c_name: &str) -> Result<Tokens> {
    let words = repr(&item.attrs)?;
    let Fields::Named(fields) = fields else {
        return Err(Error::new_spanned(
            &item.ident,
            "C accesses fields by name: use named fields",
        ));
    };
    if words != ["C"] {
        return Err(Error::new_spanned(
            &item.ident,
            "a struct in a C interface needs `#[repr(C)]`, with nothing else in it",
        ));
    }
    if fields.named.is_empty() {
        return Err(Error::new_spanned(&item.ident, "C has no empty structs"));
    }
    let name = &item.ident;
    let mut items = vec![describe::text(quote!(NAME), c_name)];
    items.extend(describe::docs(&item.attrs));
    for field in &fields.named {
        let field_name = field
            .ident
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        items.push(describe::text(
            quote!(FIELD),
            field_name.trim_start_matches("r#"),
        ));
        items.push(describe::ty(quote!(TYPE), describe::type_code(&field.ty)));
        items.extend(describe::docs(&field.attrs));
    }
    let record = describe::record(quote!(STRUCT), &items);
    let rt0 = quote!(::rt0::__private);
    let checks = fields.named.iter().map(|field| {
        let (name, ty) = (&field.ident, &field.ty);
        quote!(#rt0::check_value::<#ty>(&raw const (*at).#name))
    });
    let types: Vec<_> = fields.named.iter().map(|field| &field.ty).collect();
    let names: Vec<_> = fields.named.iter().map(|field| &field.ident).collect();
    Ok(quote! {
        // SAFETY: the record below describes the struct to hosts with its real fields.
        unsafe impl #rt0::Type for #name {
            const TYPE: #rt0::TypeCode = #rt0::TypeCode::named(b'S', #c_name);
        }

        // SAFETY: the bytes are a valid value if those of every field are.
        unsafe impl #rt0::CType for #name {
            #[inline]
            unsafe fn check(at: *const Self) -> bool {
                // SAFETY: each field is inside the value, which our caller says can be read.
                unsafe { true #(&& #checks)* }
            }

            const HAS_PADDING: bool = ::core::mem::size_of::<#name>() != 0 #(+ ::core::mem::size_of::<#types>())*
                #(|| <#types as #rt0::CType>::HAS_PADDING)*;
            const BORROWS: bool = false #(|| <#types as #rt0::CType>::BORROWS)*;

            #[inline]
            unsafe fn put(self, at: *mut Self) {
                // SAFETY: our caller says that the whole value can be written.
                unsafe { #(<#types as #rt0::CType>::put(self.#names, &raw mut (*at).#names);)* }
            }
        }

        // SAFETY: `struct_by_value` checks the bytes before it uses them as a value.
        unsafe impl #rt0::FromC for #name {
            type C = ::core::mem::MaybeUninit<#name>;
            const BORROWS: bool = false #(|| <#types as #rt0::CType>::BORROWS)*;
            #[inline]
            fn from_c(value: Self::C) -> ::core::option::Option<Self> {
                #rt0::struct_by_value(value)
            }
        }

        // SAFETY: see `CType` above.
        unsafe impl #rt0::IntoC for #name {
            const HAS_PADDING: bool = <#name as #rt0::CType>::HAS_PADDING;

            #[inline]
            unsafe fn put(self, at: *mut Self) {
                // SAFETY: passed on to our caller.
                unsafe { <#name as #rt0::CType>::put(self, at) }
            }
        }

        #record
    })
}

fn enumeration(item: &DeriveInput, data: &DataEnum, c_name: &str) -> Result<Tokens> {
    const INTEGERS: [&str; 8] = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"];
    let words = repr(&item.attrs)?;
    let integer = match words.as_slice() {
        [word] if INTEGERS.contains(&word.as_str()) => format_ident!("{word}"),
        // C's own enums are ints on every system that rt0 supports.
        [word] if word == "C" => format_ident!("i32"),
        _ => {
            return Err(Error::new_spanned(
                &item.ident,
                "an enum in a C interface needs an integer type: `#[repr(i32)]`, `#[repr(u8)]`, ...",
            ));
        }
    };
    if data.variants.is_empty() {
        return Err(Error::new_spanned(
            &item.ident,
            "an enum without variants has no values to pass",
        ));
    }
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            return Err(Error::new_spanned(
                variant,
                "an enum in a C interface can't have fields",
            ));
        }
    }
    let name = &item.ident;
    let mut items = vec![
        describe::text(quote!(NAME), c_name),
        describe::ty(
            quote!(TYPE),
            quote!(<#integer as ::rt0::__private::Type>::TYPE),
        ),
    ];
    items.extend(describe::docs(&item.attrs));
    let upper = screaming(c_name);
    for variant in &data.variants {
        let own = &variant.ident;
        check_c_identifier(own)?;
        items.push(describe::text(
            quote!(VARIANT),
            &format!("{upper}_{}", screaming(&own.unraw().to_string())),
        ));
        items.push(describe::number(quote!(VALUE), quote!(#name::#own)));
        items.extend(describe::docs(&variant.attrs));
    }
    let record = describe::record(quote!(ENUM), &items);
    let variants: Vec<_> = data.variants.iter().map(|variant| &variant.ident).collect();
    let rt0 = quote!(::rt0::__private);
    Ok(quote! {
        // SAFETY: the record below describes the enum to hosts with its real values.
        unsafe impl #rt0::Type for #name {
            const TYPE: #rt0::TypeCode = #rt0::TypeCode::named(b'E', #c_name);
        }

        // SAFETY: any bits from a host are an integer, which is compared with every value.
        unsafe impl #rt0::FromC for #name {
            type C = #integer;
            #[inline]
            fn from_c(value: #integer) -> ::core::option::Option<Self> {
                #(if value == #name::#variants as #integer {
                    return ::core::option::Option::Some(#name::#variants);
                })*
                ::core::option::Option::None
            }
        }

        const _: () = ::core::assert!(
            ::core::mem::size_of::<#name>() == ::core::mem::size_of::<#integer>(),
            "a value of this enum does not fit into a C int: choose an integer type, such as `#[repr(i64)]`",
        );

        // SAFETY: `from_c` knows every value, and the assertion above checks that the enum has its integer's
        // size.
        unsafe impl #rt0::CType for #name {
            #[inline]
            unsafe fn check(at: *const Self) -> bool {
                // SAFETY: the enum has its integer's size, and our caller says that it can be read.
                <Self as #rt0::FromC>::from_c(unsafe { *at.cast::<#integer>() }).is_some()
            }
        }

        // SAFETY: it is an integer, which has no padding.
        unsafe impl #rt0::IntoC for #name {}

        #record
    })
}

/// `search_SortOrder` becomes `SEARCH_SORT_ORDER`.
pub fn screaming(name: &str) -> String {
    let mut out = String::new();
    let mut before_is_lower = false;
    for character in name.chars() {
        if character.is_ascii_uppercase() && before_is_lower {
            out.push('_');
        }
        before_is_lower = character.is_ascii_lowercase() || character.is_ascii_digit();
        out.push(character.to_ascii_uppercase());
    }
    out
}
