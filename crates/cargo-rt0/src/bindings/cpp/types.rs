//! A type in C++ and in the C header.

use std::collections::HashMap;

use super::super::model::{Pass, Type};

/// How the library's types are written in C++.
pub(super) struct Types<'a> {
    /// The namespace: `::shop`.
    pub ns: String,
    names: HashMap<&'a str, String>,
}

impl<'a> Types<'a> {
    pub fn new(ns: &str, names: HashMap<&'a str, String>) -> Types<'a> {
        Types {
            ns: format!("::{ns}"),
            names,
        }
    }

    /// The name of a struct, an enum or a handle, without the namespace.
    pub fn name(&self, name: &str) -> &str {
        self.names.get(name).map_or("void", |name| name)
    }

    fn full(&self, name: &str) -> String {
        format!("{}::{}", self.ns, self.name(name))
    }

    /// The class of a handle, with the namespace.
    pub fn class(&self, name: &str) -> String {
        self.full(name)
    }

    /// The type of a value: of a field, an element, a parameter or a result.
    pub fn value(&self, ty: &Type) -> String {
        match ty {
            Type::Struct { name } | Type::Enum { name } => self.full(name),
            Type::Reference { mutable, to } | Type::Pointer { mutable, to } => {
                pointer(*mutable, self.value(to))
            }
            ty => self.raw(ty),
        }
    }

    /// The type as the C header has it.
    pub fn raw(&self, ty: &Type) -> String {
        match ty {
            Type::Void => "void".to_owned(),
            Type::Bool => "bool".to_owned(),
            Type::Int { signed, bits: 0 } => {
                format!("std::{}", if *signed { "ptrdiff_t" } else { "size_t" })
            }
            Type::Int { signed, bits } => {
                format!("std::{}int{bits}_t", if *signed { "" } else { "u" })
            }
            Type::Float { bits: 32 } => "float".to_owned(),
            Type::Float { .. } => "double".to_owned(),
            Type::Char => "char".to_owned(),
            Type::Struct { name } | Type::Enum { name } => format!("::{name}"),
            Type::Handle { name, pass } => pointer(*pass != Pass::Shared, format!("::{name}")),
            Type::Reference { mutable, to } | Type::Pointer { mutable, to } => match &**to {
                Type::Handle { name, .. } => pointer(*mutable, format!("::{name}")),
                to => pointer(*mutable, self.raw(to)),
            },
            Type::Callback { params, result, .. } => {
                let all = std::iter::once(&**result).chain(params);
                let all: Vec<_> = all.map(|ty| self.raw(ty)).collect();
                format!("{}::detail::function<{}>", self.ns, all.join(", "))
            }
            // Only as parameters and results.
            Type::Text => "const char *".to_owned(),
            Type::Slice { mutable, of } => pointer(*mutable, self.raw(of)),
        }
    }

    /// What a callable for this callback gets and gives: without the address that it is found by.
    pub fn signature(&self, params: &[Type], result: &Type, user: Option<usize>) -> String {
        let shown = params
            .iter()
            .enumerate()
            .filter(|(at, _)| Some(*at) != user);
        let params: Vec<_> = shown.map(|(_, ty)| self.value(ty)).collect();
        format!("{}({})", self.value(result), params.join(", "))
    }
}

fn pointer(mutable: bool, to: String) -> String {
    let star = if to.ends_with('*') { "" } else { " " };
    match (mutable, to.ends_with('*')) {
        (true, _) => format!("{to}{star}*"),
        (false, false) => format!("const {to}{star}*"),
        (false, true) => format!("{to}const *"),
    }
}
