//! `#[rt0::handle]`: a type that hosts refer to by a number.

use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::ext::IdentExt;
use syn::{Error, Item, Result};

use crate::describe;
use crate::options::Options;
use crate::prefix::{check_c_identifier, depend_on_manifest, prefix};

pub fn expand(options: Tokens, item: Tokens) -> Result<Tokens> {
    Options::parse(options)?.finish_empty("handle")?;
    let item: Item = syn::parse2(item)?;
    let (name, generics, attributes) = match &item {
        Item::Struct(item) => (&item.ident, &item.generics, &item.attrs),
        Item::Enum(item) => (&item.ident, &item.generics, &item.attrs),
        other => {
            return Err(Error::new_spanned(
                other,
                "`#[rt0::handle]` goes on a struct or an enum",
            ));
        }
    };
    if !generics.params.is_empty() {
        return Err(Error::new_spanned(
            generics,
            "C has no generics: make the handle one concrete type",
        ));
    }
    let c_name = format!("{}_{}", prefix()?, name.unraw());
    check_c_identifier(name)?;
    let free = format!("{c_name}_free");
    let mut items = vec![describe::text(quote!(NAME), &c_name)];
    items.extend(describe::docs(attributes));
    let record = describe::record(quote!(HANDLE), &items);
    let manifest = depend_on_manifest();
    let rt0 = quote!(::rt0::__private);
    Ok(quote! {
        #item
        const _: () = {
            #manifest

            // SAFETY: the record below describes it to hosts as an opaque handle.
            unsafe impl #rt0::Type for #name {
                const TYPE: #rt0::TypeCode = #rt0::TypeCode::named(b'H', #c_name);
            }

            impl #rt0::Handle for #name {
                type Opaque = ::core::ffi::c_void;
            }

            // SAFETY: the handle is looked up, and the value behind it is held for the call.
            unsafe impl #rt0::Referent for #name {
                type C = ::core::ffi::c_void;
                type Shared<'call> = #rt0::handle::Shared<'call, #name>;
                type Exclusive<'call> = #rt0::handle::Exclusive<'call, #name>;
                const USES_GENERATION: bool = true;

                unsafe fn shared<'call>(
                    call: &'call #rt0::Call,
                    name: &'static str,
                    at: *const ::core::ffi::c_void,
                ) -> ::core::result::Result<Self::Shared<'call>, #rt0::Failure> {
                    #rt0::handle::shared(call, name, at)
                }

                unsafe fn exclusive<'call>(
                    call: &'call #rt0::Call,
                    name: &'static str,
                    at: *mut ::core::ffi::c_void,
                ) -> ::core::result::Result<Self::Exclusive<'call>, #rt0::Failure> {
                    #rt0::handle::exclusive(call, name, at)
                }
            }

            #rt0::keep_handle!(#name);

            #[unsafe(export_name = #free)]
            unsafe extern "C" fn free(handle: *mut ::core::ffi::c_void) -> i32 {
                // SAFETY: a null pointer means that the host takes no error text.
                unsafe {
                    #rt0::run(#free, ::core::ptr::null_mut(), || #rt0::handle::close::<#name>(#free, handle))
                }
            }

            #record
        };
    })
}
