//! `#[derive(rt0::ErrorCode)]`: the numbers of an author's errors, by which hosts tell them apart.

use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Error, Fields, LitInt, Result, Variant};

use crate::ctype::screaming;
use crate::describe;
use crate::prefix::{check_c_identifier, depend_on_manifest, prefix};

pub fn expand(item: Tokens) -> Result<Tokens> {
    let item: DeriveInput = syn::parse2(item)?;
    let Data::Enum(data) = &item.data else {
        return Err(Error::new_spanned(
            &item.ident,
            "only an enum has a number for each error: implement `rt0::ErrorCode` by hand",
        ));
    };
    let prefix = prefix()?;
    let upper = prefix.to_ascii_uppercase();
    let mut items = vec![describe::text(
        quote!(NAME),
        &format!("{prefix}_{}", item.ident.unraw()),
    )];
    let mut arms = Vec::new();
    for variant in &data.variants {
        let Some(code) = code_of(variant)? else {
            continue;
        };
        check_c_identifier(&variant.ident)?;
        let own = screaming(&variant.ident.unraw().to_string());
        items.push(describe::text(
            quote!(VARIANT),
            &format!("{upper}_ERROR_{own}"),
        ));
        items.push(describe::number(quote!(VALUE), quote!(#code)));
        items.extend(describe::docs(&variant.attrs));
        let name = &variant.ident;
        let fields = match &variant.fields {
            Fields::Named(_) => quote!({ .. }),
            Fields::Unnamed(_) => quote!((..)),
            Fields::Unit => quote!(),
        };
        arms.push(quote!(Self::#name #fields => #code,));
    }
    let record = describe::record(quote!(CODES), &items);
    let manifest = depend_on_manifest();
    let name = &item.ident;
    let (of_impl, of_type, bounds) = item.generics.split_for_impl();
    Ok(quote! {
        impl #of_impl ::rt0::ErrorCode for #name #of_type #bounds {
            fn code(&self) -> i32 {
                #[allow(unreachable_patterns)]
                match self {
                    #(#arms)*
                    _ => 1,
                }
            }
        }

        const _: () = {
            #manifest
            #record
        };
    })
}

/// What `#[code(2)]` says.
fn code_of(variant: &Variant) -> Result<Option<i32>> {
    let mut found = None;
    for attribute in &variant.attrs {
        if !attribute.path().is_ident("code") {
            continue;
        }
        let number: LitInt = attribute
            .parse_args()
            .map_err(|_| Error::new_spanned(attribute, "write a number: `#[code(2)]`"))?;
        let code = number.base10_parse::<i32>().ok().filter(|code| *code > 0);
        let code = code.ok_or_else(|| {
            Error::new_spanned(
                &number,
                "an error's number is from 1 to 2147483647: 0 means success, and negative numbers are rt0's",
            )
        })?;
        if found.replace(code).is_some() {
            return Err(Error::new_spanned(attribute, "an error has one number"));
        }
    }
    Ok(found)
}
