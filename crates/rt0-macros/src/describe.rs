//! The bytes with which a library describes itself: the macros pass them to `rt0-abi`.

use proc_macro2::{Delimiter, Literal, Spacing, TokenStream as Tokens, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, Expr, ExprLit, Lit, Meta, PointerMutability, ReturnType, Type};

use crate::syntax::{first_argument, last_name, place};

/// A record of this kind with these items, and its place in the source: tools keep the source's order.
pub fn record(kind: Tokens, items: &[Tokens]) -> Tokens {
    let file = quote!(::rt0::__private::Item::text(
        ::rt0::__private::tag::FILE,
        ::core::file!()
    ));
    let line = number(quote!(LINE), quote!(::core::line!()));
    quote! {
        ::rt0::__private::note!(::rt0::__private::kind::#kind, [#(#items,)* #file, #line]);
    }
}

pub fn text(tag: Tokens, text: &str) -> Tokens {
    quote!(::rt0::__private::Item::text(::rt0::__private::tag::#tag, #text))
}

pub fn number(tag: Tokens, number: Tokens) -> Tokens {
    quote!(::rt0::__private::Item::number(::rt0::__private::tag::#tag, (#number) as i64))
}

pub fn ty(tag: Tokens, code: Tokens) -> Tokens {
    quote!(::rt0::__private::Item::ty(::rt0::__private::tag::#tag, #code))
}

/// An expression as an author writes it, such as `-1` and `i32::MIN`: plain tokens would print as `- 1`.
pub fn source(expression: &Expr) -> String {
    let mut out = String::new();
    print(expression.to_token_stream(), &mut out);
    out
}

fn print(tokens: Tokens, out: &mut String) {
    // A sign at the start, or after another sign, belongs to the token after it.
    let mut unary = true;
    for token in tokens {
        let is_word = |c: char| c.is_alphanumeric() || "_\"'".contains(c);
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => (" { ", " }"),
                    Delimiter::None => ("", ""),
                };
                out.push_str(open);
                print(group.stream(), out);
                out.push_str(close);
                unary = false;
            }
            TokenTree::Punct(punct) => {
                let c = punct.as_char();
                let tight = unary || ":.!?<>'".contains(c) || punct.spacing() == Spacing::Joint;
                match c {
                    ',' | ';' => out.extend([c, ' ']),
                    c if tight || out.ends_with(|c: char| "&|=".contains(c)) => out.push(c),
                    c => out.extend([' ', c, ' ']),
                }
                unary = !".:?>".contains(c);
            }
            word => {
                let word = word.to_string();
                if out.ends_with(is_word) && word.starts_with(is_word) && !out.ends_with('\'') {
                    out.push(' ');
                }
                out.push_str(&word);
                unary = false;
            }
        }
    }
}

/// The doc comment, if there is one.
pub fn docs(attributes: &[Attribute]) -> Option<Tokens> {
    let lines: Vec<String> = attributes.iter().filter_map(doc_line).collect();
    let all = lines.join("\n");
    let all = all.trim_matches('\n').trim_end();
    (!all.is_empty()).then(|| text(quote!(DOCS), all))
}

fn doc_line(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else {
        return None;
    };
    let Expr::Lit(ExprLit {
        lit: Lit::Str(line),
        ..
    }) = &pair.value
    else {
        return None;
    };
    let line = attribute.path().is_ident("doc").then(|| line.value())?;
    // `/** */` holds several lines; `///` holds one, with a space in front.
    Some(
        line.lines()
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect::<Vec<_>>()
            .join("\n"),
    )
}

/// An expression that gives the code of a type.
pub fn type_code(ty: &Type) -> Tokens {
    let leaf = |byte: u8| {
        let byte = Literal::byte_character(byte);
        quote!(::rt0::__private::TypeCode::leaf(#byte))
    };
    let wrap = |byte: u8, inner: Tokens| {
        let byte = Literal::byte_character(byte);
        quote!(::rt0::__private::TypeCode::wrap(#byte, #inner))
    };
    match ty {
        Type::Paren(inner) => type_code(&inner.elem),
        Type::Group(inner) => type_code(&inner.elem),
        Type::Reference(reference) => {
            let mutable = reference.mutability.is_some();
            match &*reference.elem {
                Type::Path(path) if path.path.is_ident("str") => leaf(b'r'),
                Type::Slice(slice) => {
                    wrap(if mutable { b']' } else { b'[' }, type_code(&slice.elem))
                }
                other => wrap(if mutable { b'%' } else { b'&' }, type_code(other)),
            }
        }
        Type::Ptr(pointer) => {
            let byte = if matches!(pointer.mutability, PointerMutability::Mut(_)) {
                b'P'
            } else {
                b'p'
            };
            wrap(byte, type_code(&pointer.elem))
        }
        Type::FnPtr(function) => {
            let params = function.inputs.iter().map(|param| type_code(&param.ty));
            let result = match &function.output {
                ReturnType::Default => leaf(b'0'),
                ReturnType::Type(_, ty) => type_code(ty),
            };
            quote!(::rt0::__private::TypeCode::function(&[#(#params),*], #result))
        }
        Type::Tuple(tuple) if tuple.elems.is_empty() => leaf(b'0'),
        Type::Path(_) => match (last_name(ty).as_deref(), first_argument(ty)) {
            (Some("c_char"), _) => leaf(b'c'),
            (Some("String"), None) => leaf(b'g'),
            (Some("Vec"), Some(inner)) => wrap(b'w', type_code(inner)),
            (Some("Box"), Some(inner)) => wrap(b'B', type_code(inner)),
            (Some("Option"), Some(inner)) => wrap(b'o', type_code(inner)),
            (Some("Result"), Some(inner)) => wrap(b'R', type_code(inner)),
            _ => quote_spanned!(place(ty)=> <#ty as ::rt0::__private::Type>::TYPE),
        },
        _ => quote_spanned!(place(ty)=> <#ty as ::rt0::__private::Type>::TYPE),
    }
}

#[cfg(test)]
mod tests {
    use super::source;

    #[test]
    fn an_expression_is_shown_as_it_is_written() {
        for text in [
            "-2",
            "-1.5",
            "!0",
            "0",
            "abort",
            "()",
            "i32::MIN",
            "u64::MAX - 1",
            "1 + -2",
            "f(-1, &x)",
            "\"a\"",
            "a.b(c)[0]",
            "'x'",
            "-(1 << 3)",
            "&[1, 2]",
        ] {
            let expression = syn::parse_str(text).unwrap();
            let shown = source(&expression);
            let without = |text: &str| text.replace(' ', "");
            assert_eq!(without(&shown), without(text));
            assert!(!shown.contains("- 2") && !shown.contains(" ::"), "{shown}");
            assert!(syn::parse_str::<syn::Expr>(&shown).is_ok(), "{shown}");
        }
        assert_eq!(source(&syn::parse_str("-2").unwrap()), "-2");
        assert_eq!(
            source(&syn::parse_str("u64::MAX - 1").unwrap()),
            "u64::MAX - 1"
        );
    }
}
