//! Attributes that treat a function as those of binding generators do, to test what stands above and below
//! them. The real generators are not among the dependencies: they bring a virtual machine's headers and build
//! scripts.

use proc_macro::TokenStream;
use quote::{format_ident, quote};
use syn::{FnArg, ImplItem, ItemFn, ItemImpl, Pat, ReturnType, parse_macro_input, parse_quote};

/// Leaves the function as it is, and adds a module of its name with a function that calls it: as
/// `#[pyfunction]`, `#[napi]` and `#[uniffi::export]` do.
#[proc_macro_attribute]
pub fn wraps(_: TokenStream, item: TokenStream) -> TokenStream {
    let function = parse_macro_input!(item as ItemFn);
    let (vis, signature) = (&function.vis, &function.sig);
    let name = &signature.ident;
    let (inputs, output, generics) = (&signature.inputs, &signature.output, &signature.generics);
    let names = names(inputs.iter());
    let (marked, waited) = match signature.asyncness {
        Some(_) => (quote!(async), quote!(.await)),
        None => (quote!(), quote!()),
    };
    quote! {
        #function

        #vis mod #name {
            use super::*;

            pub #marked fn called #generics (#inputs) #output {
                super::#name(#(#names),*) #waited
            }
        }
    }
    .into()
}

/// The same, and puts the attributes that stand below it on the functions that it adds for the virtual
/// machine, too: as napi-rs does, on a function of the C interface for calls, and another for properties.
#[proc_macro_attribute]
pub fn copies(_: TokenStream, item: TokenStream) -> TokenStream {
    let function = parse_macro_input!(item as ItemFn);
    let attributes = &function.attrs;
    let name = &function.sig.ident;
    let callback = format_ident!("{name}_c_callback");
    let accessor = format_ident!("{name}_accessor");
    quote! {
        #function

        #(#attributes)*
        extern "C" fn #callback(
            env: napi::bindgen_prelude::sys::napi_env,
            number: napi::bindgen_prelude::sys::napi_callback_info,
        ) -> napi::bindgen_prelude::sys::napi_value {
            #name(env + number).unwrap()
        }

        #(#attributes)*
        unsafe fn #accessor(
            env: napi::bindgen_prelude::sys::napi_env,
            this: napi::bindgen_prelude::sys::napi_value,
        ) -> Result<napi::bindgen_prelude::sys::napi_value, ()> {
            #name(env + this).map_err(|_| ())
        }
    }
    .into()
}

/// Gives the function another name and makes it one of the C interface: as `#[jni_fn]` does.
#[proc_macro_attribute]
pub fn renames(_: TokenStream, item: TokenStream) -> TokenStream {
    let mut function = parse_macro_input!(item as ItemFn);
    function.sig.ident = format_ident!("Java_org_example_{}", function.sig.ident);
    function.sig.abi = Some(parse_quote!(extern "system"));
    quote! {
        #[unsafe(no_mangle)]
        #[allow(non_snake_case)]
        #function
    }
    .into()
}

/// Takes its own attribute `keep` off the methods of an `impl`, and adds a function `NAME_called` for each
/// method with `&self`: as `#[pymethods]`, `#[napi]` and `#[uniffi::export]` do on an `impl`.
#[proc_macro_attribute]
pub fn methods(_: TokenStream, item: TokenStream) -> TokenStream {
    let mut block = parse_macro_input!(item as ItemImpl);
    let mut called = Vec::new();
    for item in &mut block.items {
        let ImplItem::Fn(method) = item else { continue };
        method
            .attrs
            .retain(|attribute| !attribute.path().is_ident("keep"));
        let (name, output) = (&method.sig.ident, &method.sig.output);
        let wrapper = format_ident!("{name}_called");
        let names = names(method.sig.inputs.iter().skip(1));
        let inputs = method.sig.inputs.iter();
        let (marked, waited) = match method.sig.asyncness {
            Some(_) => (quote!(async), quote!(.await)),
            None => (quote!(), quote!()),
        };
        called.push(quote! {
            pub #marked fn #wrapper(#(#inputs),*) #output { self.#name(#(#names),*) #waited }
        });
    }
    let of = &block.self_ty;
    quote! {
        #block
        impl #of { #(#called)* }
    }
    .into()
}

/// Makes an `async fn` one that returns a boxed future: as `#[async_trait]` does.
#[proc_macro_attribute]
pub fn boxes(_: TokenStream, item: TokenStream) -> TokenStream {
    let mut function = parse_macro_input!(item as ItemFn);
    function.sig.asyncness = None;
    let output = match &function.sig.output {
        ReturnType::Default => quote!(()),
        ReturnType::Type(_, ty) => quote!(#ty),
    };
    let block = &function.block;
    let body = quote!({ ::std::boxed::Box::pin(async move #block) });
    function.sig.output = parse_quote! {
        -> ::std::pin::Pin<::std::boxed::Box<dyn ::std::future::Future<Output = #output> + Send>>
    };
    let (attributes, vis, signature) = (&function.attrs, &function.vis, &function.sig);
    quote! { #(#attributes)* #vis #signature #body }.into()
}

fn names<'a>(inputs: impl Iterator<Item = &'a FnArg>) -> Vec<&'a Pat> {
    let name = |input: &'a FnArg| match input {
        FnArg::Typed(typed) => Some(&*typed.pat),
        FnArg::Receiver(_) => None,
    };
    inputs.filter_map(name).collect()
}
