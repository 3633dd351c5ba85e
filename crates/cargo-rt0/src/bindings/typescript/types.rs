//! A type in TypeScript, in koffi, and on the way between the two.

use std::collections::HashMap;

use super::super::model::{Model, Type, shown};

/// The names that the library's types have in TypeScript.
pub(super) struct Types<'a> {
    names: HashMap<&'a str, String>,
    integers: HashMap<&'a str, &'a Type>,
}

/// Where a type is written: in the declarations, or in a comment of the code beside them, which has only the handles'
/// classes itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    Declarations,
    Code,
}

impl<'a> Types<'a> {
    pub fn new(model: &'a Model, names: HashMap<&'a str, String>) -> Types<'a> {
        let integers = model.enums.iter().map(|e| (&*e.name.name, &e.integer));
        Types {
            names,
            integers: integers.collect(),
        }
    }

    /// The name of a struct, an enum or a handle.
    pub fn class(&self, name: &str) -> &str {
        self.names.get(name).map_or("unknown", |class| class)
    }

    /// What an enum is.
    pub fn integer(&self, name: &str) -> &Type {
        const INT: &Type = &Type::Int {
            signed: true,
            bits: 32,
        };
        self.integers.get(name).copied().unwrap_or(INT)
    }

    /// An enum as the integer that it is; any other type as it is.
    pub fn plain<'b>(&'b self, ty: &'b Type) -> &'b Type {
        match ty {
            Type::Enum { name } => self.integer(name),
            ty => ty,
        }
    }

    /// The type as koffi has it, in an expression: for a value, a field, an element.
    pub fn koffi(&self, ty: &Type) -> String {
        match ty {
            Type::Void => "'void'".to_owned(),
            Type::Bool => "'bool'".to_owned(),
            Type::Int { .. } | Type::Enum { .. } | Type::Char => {
                let (signed, bits) = self.integral(ty);
                format!("'{}int{bits}_t'", if signed { "" } else { "u" })
            }
            Type::Float { bits: 32 } => "'float'".to_owned(),
            Type::Float { .. } => "'double'".to_owned(),
            Type::Struct { name } => format!("_{}", self.class(name)),
            // Addresses, and texts and buffers as the addresses that they are.
            _ => "'void *'".to_owned(),
        }
    }

    /// Whether an integer has a sign, and its bits: those of an address are 64.
    pub fn integral(&self, ty: &Type) -> (bool, u8) {
        match self.plain(ty) {
            Type::Int { signed, bits: 0 } => (*signed, 64),
            Type::Int { signed, bits } => (*signed, *bits),
            _ => (false, 8),
        }
    }

    /// Whether it is a `bigint` in TypeScript.
    pub fn is_big(&self, ty: &Type) -> bool {
        matches!(ty, Type::Int { .. } | Type::Enum { .. }) && self.integral(ty).1 == 64
    }

    /// What a value of the type is.
    pub fn hint(&self, ty: &Type, from: From) -> String {
        match ty {
            Type::Void => "void".to_owned(),
            Type::Bool => "boolean".to_owned(),
            Type::Int { .. } if self.is_big(ty) => "bigint".to_owned(),
            Type::Int { .. } | Type::Float { .. } | Type::Char => "number".to_owned(),
            Type::Text => "string".to_owned(),
            Type::Handle { name, .. } => self.class(name).to_owned(),
            Type::Struct { name } | Type::Enum { name } => match from {
                From::Declarations => self.class(name).to_owned(),
                From::Code => format!("import('./index.js').{}", self.class(name)),
            },
            Type::Slice { of, .. } => match &**of {
                Type::Bool | Type::Enum { .. } | Type::Struct { .. } => {
                    format!("{}[]", self.hint_inside(of, from))
                }
                of => self.array(of).to_owned(),
            },
            Type::Reference { to, .. } => self.hint(to, from),
            Type::Pointer { .. } => "bigint | null".to_owned(),
            Type::Callback {
                params,
                result,
                user,
            } => {
                let params: Vec<_> = shown(params, *user)
                    .enumerate()
                    .map(|(at, (_, ty))| format!("arg{at}: {}", self.hint_inside(ty, from)))
                    .collect();
                format!(
                    "({}) => {}",
                    params.join(", "),
                    self.hint_inside(result, from)
                )
            }
        }
    }

    /// The type of a parameter: what may be passed.
    pub fn hint_in(&self, ty: &Type, from: From) -> String {
        match ty {
            Type::Slice { mutable, of } => {
                let array = self.array(of);
                let read_only = if *mutable { "" } else { "readonly " };
                match &**of {
                    of if of.is_byte() => array.to_owned(),
                    of @ (Type::Int { .. } | Type::Float { .. }) => {
                        format!("{array} | {read_only}{}[]", self.hint(of, from))
                    }
                    of => format!("{read_only}{}[]", self.hint_inside(of, from)),
                }
            }
            Type::Reference { mutable: true, to } if !matches!(**to, Type::Struct { .. }) => {
                self.array(to).to_owned()
            }
            ty => self.hint(ty, from),
        }
    }

    /// The type of a field, an element or a callback's parameter: functions are addresses there.
    pub fn hint_inside(&self, ty: &Type, from: From) -> String {
        match ty {
            Type::Callback { .. }
            | Type::Reference { .. }
            | Type::Handle { .. }
            | Type::Text
            | Type::Slice { .. } => "bigint | null".to_owned(),
            ty => self.hint(ty, from),
        }
    }

    /// The class of typed arrays with such elements.
    pub fn array(&self, ty: &Type) -> &'static str {
        match self.plain(ty) {
            Type::Float { bits: 32 } => "Float32Array",
            Type::Float { .. } => "Float64Array",
            ty @ Type::Int { .. } => match self.integral(ty) {
                (true, 8) => "Int8Array",
                (true, 16) => "Int16Array",
                (true, 32) => "Int32Array",
                (true, _) => "BigInt64Array",
                (false, 8) => "Uint8Array",
                (false, 16) => "Uint16Array",
                (false, 32) => "Uint32Array",
                (false, _) => "BigUint64Array",
            },
            Type::Bool | Type::Char => "Uint8Array",
            _ => "BigUint64Array",
        }
    }

    /// An expression that makes a value of what koffi gives.
    pub fn value_of(&self, ty: &Type, value: &str) -> String {
        match ty {
            // koffi gives a number where one is enough.
            ty if self.is_big(ty) => format!("BigInt({value})"),
            Type::Struct { name } => format!("_t.{}Of({value})", self.local(name)),
            _ => value.to_owned(),
        }
    }

    /// An expression that makes what koffi takes of a value, which is checked. `what` is named in an error.
    pub fn to_c(&self, ty: &Type, value: &str, what: &str) -> String {
        match ty {
            Type::Struct { name } => format!("_t.{}C({value}, {what})", self.local(name)),
            Type::Int { .. } | Type::Enum { .. } | Type::Char => {
                let (signed, bits) = self.integral(ty);
                let sign = if signed { "i" } else { "u" };
                format!("_t.{sign}{bits}({value}, {what})")
            }
            _ => value.to_owned(),
        }
    }

    /// What the names of functions about a struct begin with. The library's own names don't begin so.
    pub fn local(&self, name: &str) -> String {
        let mut local = self.class(name).to_owned();
        if let Some(first) = local.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        format!("_{local}")
    }

    /// The place of a value of this type among those that a call writes to: an array of the class `Places`, whose
    /// first element it is.
    pub fn place(&self, ty: &Type) -> &'static str {
        match self.plain(ty) {
            Type::Bool | Type::Char => "u8",
            Type::Float { bits: 32 } => "f32",
            Type::Float { .. } => "f64",
            ty @ Type::Int { .. } => match self.integral(ty) {
                (true, 8) => "i8",
                (true, 16) => "i16",
                (true, 32) => "i32",
                (true, _) => "i64",
                (false, 8) => "u8",
                (false, 16) => "u16",
                (false, 32) => "u32",
                (false, _) => "u64",
            },
            _ => "u64",
        }
    }
}
