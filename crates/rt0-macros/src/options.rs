//! `key = value, flag, ...`: the options of an attribute.

use std::ops::RangeInclusive;

use proc_macro2::TokenStream as Tokens;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Error, Expr, ExprLit, Ident, Lit, Result, Token};

/// The options of an attribute. The attribute takes those that it knows; the ones left are unknown.
pub struct Options {
    left: Vec<Opt>,
}

struct Opt {
    key: Ident,
    value: Option<Expr>,
}

impl Parse for Opt {
    fn parse(input: ParseStream<'_>) -> Result<Opt> {
        // `or` and `name` are not keywords, but an author may write an option that is one.
        let key = input.call(syn::ext::IdentExt::parse_any)?;
        let value = if input.parse::<Option<Token![=]>>()?.is_some() {
            Some(input.parse()?)
        } else {
            None
        };
        Ok(Opt { key, value })
    }
}

impl Options {
    pub fn parse(tokens: Tokens) -> Result<Options> {
        let left = Punctuated::<Opt, Token![,]>::parse_terminated.parse2(tokens)?;
        let options = Options {
            left: left.into_iter().collect(),
        };
        for (i, option) in options.left.iter().enumerate() {
            if options.left[..i]
                .iter()
                .any(|former| former.key == option.key)
            {
                return Err(Error::new_spanned(
                    &option.key,
                    format!("`{}` appears twice", option.key),
                ));
            }
        }
        Ok(options)
    }

    fn take(&mut self, key: &str) -> Option<Opt> {
        let at = self.left.iter().position(|option| option.key == key)?;
        Some(self.left.remove(at))
    }

    /// The value of `key = value`.
    pub fn expr(&mut self, key: &str) -> Result<Option<Expr>> {
        match self.take(key) {
            None => Ok(None),
            Some(Opt {
                value: Some(value), ..
            }) => Ok(Some(value)),
            Some(Opt { key, value: None }) => Err(Error::new_spanned(
                &key,
                format!("`{key}` needs a value: `{key} = ...`"),
            )),
        }
    }

    /// The value of `key = "text"`.
    pub fn text(&mut self, key: &str) -> Result<Option<syn::LitStr>> {
        match self.expr(key)? {
            None => Ok(None),
            Some(Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            })) => Ok(Some(text)),
            Some(other) => Err(Error::new_spanned(
                other,
                format!("`{key}` takes a string: `{key} = \"...\"`"),
            )),
        }
    }

    /// The value of `key = 4`, which must be in the range.
    pub fn number(&mut self, key: &str, range: RangeInclusive<usize>) -> Result<Option<usize>> {
        let Some(value) = self.expr(key)? else {
            return Ok(None);
        };
        let number = match &value {
            Expr::Lit(ExprLit {
                lit: Lit::Int(number),
                ..
            }) => number.base10_parse().ok(),
            _ => None,
        };
        match number {
            Some(number) if range.contains(&number) => Ok(Some(number)),
            _ => Err(Error::new_spanned(
                value,
                format!(
                    "`{key}` takes a whole number from {} to {}",
                    range.start(),
                    range.end()
                ),
            )),
        }
    }

    /// `key`, `key = true` or `key = false`.
    pub fn flag(&mut self, key: &str) -> Result<Option<bool>> {
        match self.take(key) {
            None => Ok(None),
            Some(Opt { value: None, .. }) => Ok(Some(true)),
            Some(Opt {
                value:
                    Some(Expr::Lit(ExprLit {
                        lit: Lit::Bool(on), ..
                    })),
                ..
            }) => Ok(Some(on.value)),
            Some(Opt { key, .. }) => Err(Error::new_spanned(
                &key,
                format!("`{key}` takes no value, or `true` or `false`"),
            )),
        }
    }

    /// One of several words, as `key = "word"`.
    pub fn word(&mut self, key: &str, words: &[&str]) -> Result<Option<String>> {
        let Some(text) = self.text(key)? else {
            return Ok(None);
        };
        let value = text.value();
        if words.contains(&value.as_str()) {
            Ok(Some(value))
        } else {
            Err(Error::new(
                text.span(),
                format!("`{key}` is one of \"{}\"", words.join("\", \"")),
            ))
        }
    }

    /// An error if an option is left.
    pub fn finish(self, known: &str) -> Result<()> {
        match self.left.first() {
            None => Ok(()),
            Some(option) => Err(Error::new_spanned(
                &option.key,
                format!("unknown option `{}`; the options are {known}", option.key),
            )),
        }
    }

    /// An error if there is any option.
    pub fn finish_empty(self, attribute: &str) -> Result<()> {
        match self.left.first() {
            None => Ok(()),
            Some(option) => Err(Error::new_spanned(
                &option.key,
                format!("`#[rt0::{attribute}]` has no options"),
            )),
        }
    }
}

/// The number before the unit, in milliseconds: of `500ms`, `5s`, `2min`.
pub fn milliseconds(value: &str) -> Option<u32> {
    let digits = value.trim_end_matches(|unit: char| unit.is_ascii_alphabetic());
    let factor = match value[digits.len()..].trim() {
        "ms" => 1,
        "s" => 1000,
        "min" => 60_000,
        _ => return None,
    };
    digits.trim().parse::<u32>().ok()?.checked_mul(factor)
}
