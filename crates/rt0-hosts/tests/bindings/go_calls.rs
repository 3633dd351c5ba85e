//! The calls of `cases.json` as Go functions, by the names that a reader of docs/bindings/go.md expects.

use std::fmt::Write;

use cargo_rt0::bindings::Model;
use cargo_rt0::bindings::model::{Function, Type};

/// The whole of `calls.go`.
pub fn all(model: &Model) -> String {
    let mut out =
        String::from("package main\n\nimport \"conform\"\n\nvar calls = map[string]any{\n");
    for function in &model.functions {
        let symbol = &function.symbol;
        writeln!(out, "\t\"{symbol}\": {},", named(function)).expect("into memory");
    }
    out + "}\n"
}

fn named(function: &Function) -> String {
    let own = function.symbol.trim_start_matches("conform_");
    let first = function.params.first().filter(|param| !param.optional);
    match first.map(|param| &param.ty) {
        Some(Type::Handle { name, .. }) => {
            let class = name.trim_start_matches("conform_");
            let prefix = format!("{}_", class.to_ascii_lowercase());
            let short = own.strip_prefix(&prefix).unwrap_or(own);
            format!("(*conform.{class}).{}", exported(short))
        }
        _ => format!("conform.{}", exported(own)),
    }
}

/// `text_find_later` as `TextFindLater`.
fn exported(name: &str) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at(1);
        first.to_ascii_uppercase() + rest
    };
    name.split('_').map(word).collect()
}
