//! A type in Python's hints, in ctypes, and on the way between the two.

use std::collections::HashMap;

use super::super::model::{Model, Type, shown};

/// The names that the library's types have in Python.
pub(super) struct Types<'a> {
    names: HashMap<&'a str, String>,
    integers: HashMap<&'a str, &'a Type>,
}

impl<'a> Types<'a> {
    pub fn new(model: &'a Model, names: HashMap<&'a str, String>) -> Types<'a> {
        let integers = model.enums.iter().map(|e| (&*e.name.name, &e.integer));
        Types {
            names,
            integers: integers.collect(),
        }
    }

    /// The class of a struct, an enum or a handle.
    pub fn class(&self, name: &str) -> &str {
        self.names.get(name).map_or("object", |class| class)
    }

    /// The type as ctypes has it: for a value, a field, an element.
    pub fn ctype(&self, ty: &Type) -> String {
        match ty {
            Type::Void => "None".to_owned(),
            Type::Bool => "_c_bool".to_owned(),
            Type::Int { signed, bits: 0 } => format!("_c_{}size_t", if *signed { "s" } else { "" }),
            Type::Int { signed, bits } => {
                format!("_c_{}int{bits}", if *signed { "" } else { "u" })
            }
            Type::Float { bits: 32 } => "_c_float".to_owned(),
            Type::Float { .. } => "_c_double".to_owned(),
            Type::Char => "_c_char".to_owned(),
            Type::Struct { name } => format!("_{}C", self.class(name)),
            Type::Enum { name } => self.ctype(self.integer(name)),
            // Addresses, and texts and buffers as the addresses that they are.
            _ => "_c_void_p".to_owned(),
        }
    }

    /// What an enum is.
    pub fn integer(&self, name: &str) -> &Type {
        const INT: &Type = &Type::Int {
            signed: true,
            bits: 32,
        };
        self.integers.get(name).copied().unwrap_or(INT)
    }

    /// The type in a hint: what a value of it is.
    pub fn hint(&self, ty: &Type) -> String {
        match ty {
            Type::Void => "None".to_owned(),
            Type::Bool => "bool".to_owned(),
            Type::Int { .. } => "int".to_owned(),
            Type::Float { .. } => "float".to_owned(),
            Type::Char => "bytes".to_owned(),
            Type::Text => "str".to_owned(),
            Type::Struct { name } | Type::Enum { name } | Type::Handle { name, .. } => {
                self.class(name).to_owned()
            }
            Type::Slice { of, .. } if of.is_byte() => "bytes".to_owned(),
            Type::Slice { of, .. } => format!("list[{}]", self.hint(of)),
            Type::Reference { to, .. } => self.hint(to),
            Type::Pointer { .. } => "int | None".to_owned(),
            Type::Callback {
                params,
                result,
                user,
            } => {
                let params: Vec<_> = shown(params, *user)
                    .map(|(_, ty)| self.hint_inside(ty))
                    .collect();
                format!(
                    "_Callable[[{}], {}]",
                    params.join(", "),
                    self.hint_inside(result)
                )
            }
        }
    }

    /// The hint of a parameter: what may be passed.
    pub fn hint_in(&self, ty: &Type) -> String {
        match ty {
            Type::Slice { mutable: true, of } if of.is_byte() => "_Buffer".to_owned(),
            Type::Slice { mutable: true, of } if is_number(of) => {
                format!("_Buffer | _MutableSequence[{}]", self.hint(of))
            }
            Type::Slice { mutable: true, of } => {
                format!("_MutableSequence[{}]", self.hint_inside(of))
            }
            Type::Slice { of, .. } if of.is_byte() => "_Buffer".to_owned(),
            Type::Slice { of, .. } if is_number(of) => {
                format!("_Buffer | _Sequence[{}]", self.hint(of))
            }
            Type::Slice { of, .. } => format!("_Sequence[{}]", self.hint_inside(of)),
            Type::Reference { mutable: true, to } if !matches!(**to, Type::Struct { .. }) => {
                self.ctype(to)
            }
            ty => self.hint(ty),
        }
    }

    /// The hint of a field, an element or a callback's parameter: functions are addresses there.
    pub fn hint_inside(&self, ty: &Type) -> String {
        match ty {
            Type::Callback { .. } | Type::Reference { .. } | Type::Handle { .. } => {
                "int | None".to_owned()
            }
            ty => self.hint(ty),
        }
    }

    /// An expression that makes a Python value of what ctypes gives.
    pub fn value_of(&self, ty: &Type, value: &str) -> String {
        match ty {
            Type::Enum { name } => format!("{}({value})", self.class(name)),
            Type::Struct { name } => format!("{}._from_c({value})", self.class(name)),
            _ => value.to_owned(),
        }
    }

    /// An expression that makes what ctypes takes of a Python value. `what` is named in an error.
    pub fn to_c(&self, ty: &Type, value: &str, what: &str) -> String {
        match ty {
            Type::Struct { .. } => format!("{value}._to_c()"),
            ty => match self.limits(ty) {
                Some((least, most)) => format!("_within({value}, {least}, {most}, \"{what}\")"),
                None => value.to_owned(),
            },
        }
    }

    /// The least and the most of an integer, or of an enum.
    pub fn limits(&self, ty: &Type) -> Option<(String, String)> {
        match ty {
            Type::Int {
                signed: true,
                bits: 0,
            } => Some(("-_SSIZE_MAX - 1".to_owned(), "_SSIZE_MAX".to_owned())),
            Type::Int { bits: 0, .. } => Some(("0".to_owned(), "_SIZE_MAX".to_owned())),
            Type::Int { signed: true, bits } => {
                let half = 1i128 << (bits - 1);
                Some(((-half).to_string(), (half - 1).to_string()))
            }
            Type::Int { bits, .. } => Some(("0".to_owned(), ((1i128 << bits) - 1).to_string())),
            Type::Enum { name } => self.limits(self.integer(name)),
            _ => None,
        }
    }

    /// The letter by which `array` and `memoryview` know an element, with its size; `?` for bool.
    pub fn letter(&self, ty: &Type) -> &'static str {
        match ty {
            Type::Bool => "\"?\"",
            Type::Int { signed, bits } => match (signed, bits) {
                (true, 8) => "\"b\"",
                (true, 16) => "\"h\"",
                (true, 32) => "\"i\"",
                (true, 64) => "\"q\"",
                (true, _) => "_SSIZE",
                (false, 8) => "\"B\"",
                (false, 16) => "\"H\"",
                (false, 32) => "\"I\"",
                (false, 64) => "\"Q\"",
                (false, _) => "_SIZE",
            },
            Type::Float { bits: 32 } => "\"f\"",
            Type::Float { .. } => "\"d\"",
            Type::Char => "\"B\"",
            Type::Enum { name } => self.letter(self.integer(name)),
            _ => "_SIZE",
        }
    }
}

/// Whether a buffer of other libraries can hold a slice of it.
pub(super) fn is_number(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Int { .. } | Type::Float { .. } | Type::Char | Type::Bool
    )
}
