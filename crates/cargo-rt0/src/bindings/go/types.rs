//! A type in Go, in the C of the bridge, and as cgo has that.

use std::collections::HashMap;

use super::super::model::{Type, shown};

/// How the library's types are written.
pub(super) struct Types<'a> {
    names: HashMap<&'a str, String>,
}

impl<'a> Types<'a> {
    pub fn new(names: HashMap<&'a str, String>) -> Types<'a> {
        Types { names }
    }

    /// The name of a struct, an enum or a handle.
    pub fn name(&self, name: &str) -> &str {
        self.names.get(name).map_or("uintptr", |name| name)
    }

    /// Whether one of them is called so.
    pub fn has(&self, name: &str) -> bool {
        self.names.values().any(|known| known == name)
    }

    /// A value in Go: of a field, an element, a parameter or a result. Addresses are numbers: the collector does not
    /// look at them.
    pub fn value(&self, ty: &Type) -> String {
        match ty {
            Type::Bool => "bool".to_owned(),
            Type::Int { signed, bits } => {
                let sign = if *signed { "" } else { "u" };
                match bits {
                    0 => format!("{sign}int"),
                    bits => format!("{sign}int{bits}"),
                }
            }
            Type::Float { bits } => format!("float{bits}"),
            Type::Char => "byte".to_owned(),
            Type::Struct { name } | Type::Enum { name } => self.name(name).to_owned(),
            _ => "uintptr".to_owned(),
        }
    }

    /// What stands for no value of it.
    pub fn zero(&self, ty: &Type) -> String {
        match ty {
            Type::Bool => "false".to_owned(),
            Type::Struct { name } => format!("{}{{}}", self.name(name)),
            _ => "0".to_owned(),
        }
    }

    /// The type of a function, without the address that it is found by.
    pub fn function(&self, params: &[Type], result: &Type, user: Option<usize>) -> String {
        let params: Vec<_> = shown(params, user).map(|(_, ty)| self.value(ty)).collect();
        let result = match result {
            Type::Void => String::new(),
            result => format!(" {}", self.value(result)),
        };
        format!("func({}){result}", params.join(", "))
    }

    /// A value of Go's as cgo has it. Structs lie in memory as in C; `expr` is a variable then.
    pub fn as_c(&self, ty: &Type, expr: &str) -> String {
        match ty {
            Type::Struct { .. } => format!("*(*{})(unsafe.Pointer(&{expr}))", cgo(ty)),
            ty => format!("{}({expr})", cgo(ty)),
        }
    }

    /// The other way.
    pub fn as_go(&self, ty: &Type, expr: &str) -> String {
        match ty {
            Type::Struct { .. } => format!("*(*{})(unsafe.Pointer(&{expr}))", self.value(ty)),
            ty => format!("{}({expr})", self.value(ty)),
        }
    }
}

/// A type in the bridge, where all addresses are numbers.
pub(super) fn c(ty: &Type) -> String {
    match ty {
        Type::Void => "void".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Int { signed, bits: 0 } => if *signed { "ptrdiff_t" } else { "size_t" }.to_owned(),
        Type::Int { signed, bits } => format!("{}int{bits}_t", if *signed { "" } else { "u" }),
        Type::Float { bits: 32 } => "float".to_owned(),
        Type::Float { .. } => "double".to_owned(),
        Type::Char => "char".to_owned(),
        Type::Struct { name } | Type::Enum { name } => name.clone(),
        _ => "uintptr_t".to_owned(),
    }
}

/// The same as cgo names it.
pub(super) fn cgo(ty: &Type) -> String {
    format!("C.{}", c(ty))
}

/// Whether the bridge has a number for it that is an address.
pub(super) fn is_address(ty: &Type) -> bool {
    c(ty) == "uintptr_t"
}

/// The type in C's own declarations, as far as the bridge must know it.
pub(super) fn real(ty: &Type) -> String {
    match is_address(ty) {
        true => "void *".to_owned(),
        false => format!("{} ", c(ty)),
    }
}
