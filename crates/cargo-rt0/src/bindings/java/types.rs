//! A type in Java, in the descriptions of C functions, in memory, and on the way between them.
//!
//! An address is a `long` on its way, as wide as C's pointers are where Java has foreign functions.

use std::collections::HashMap;

use super::super::model::{Model, Type};

/// The names that the library's types have in Java.
pub(super) struct Types<'a> {
    names: HashMap<&'a str, String>,
    model: &'a Model,
}

/// A type on its way to or from C: in Java, and as a layout.
pub(super) struct Carrier {
    pub java: String,
    pub layout: String,
}

const INT: &Type = &Type::Int {
    signed: true,
    bits: 32,
};

impl<'a> Types<'a> {
    pub fn new(model: &'a Model, names: HashMap<&'a str, String>) -> Types<'a> {
        Types { names, model }
    }

    /// The class of a struct, an enum or a handle.
    pub fn class(&self, name: &str) -> &str {
        self.names.get(name).map_or("Object", |class| class)
    }

    /// What an enum is.
    pub fn integer(&self, name: &str) -> &Type {
        let found = self.model.enums.iter().find(|e| e.name.name == name);
        found.map_or(INT, |e| &e.integer)
    }

    /// A value in Java. One without a sign has the next larger type, where there is one.
    pub fn value(&self, ty: &Type) -> String {
        let plain = match ty {
            Type::Void => "void",
            Type::Bool => "boolean",
            Type::Int { signed, bits } => match (signed, bits) {
                (true, 8) => "byte",
                (true, 16) => "short",
                (true, 32) | (false, 8 | 16) => "int",
                _ => "long",
            },
            Type::Float { bits: 32 } => "float",
            Type::Float { .. } => "double",
            Type::Char => "byte",
            Type::Text => "String",
            Type::Struct { name } | Type::Enum { name } | Type::Handle { name, .. } => {
                self.class(name)
            }
            Type::Slice { of, .. } => return self.slice(of),
            Type::Reference { to, .. } => return self.value(to),
            Type::Pointer { .. } | Type::Callback { .. } => "MemorySegment",
        };
        plain.to_owned()
    }

    /// A value inside a struct, a slice or a callback: what is behind a pointer is an address there.
    pub fn value_inside(&self, ty: &Type) -> String {
        if is_address(ty) {
            "MemorySegment".to_owned()
        } else {
            self.value(ty)
        }
    }

    /// The same where only objects can be.
    pub fn boxed(&self, ty: &Type) -> String {
        let value = self.value(ty);
        let boxed = match value.as_str() {
            "void" => "Void",
            "boolean" => "Boolean",
            "byte" => "Byte",
            "short" => "Short",
            "int" => "Integer",
            "long" => "Long",
            "float" => "Float",
            "double" => "Double",
            _ => return value,
        };
        boxed.to_owned()
    }

    /// Elements: an array of numbers, or a list.
    pub fn slice(&self, of: &Type) -> String {
        match element(of) {
            Some((array, _)) => format!("{array}[]"),
            None => format!("List<{}>", self.value_inside(of)),
        }
    }

    /// A type on its way to C. A small integer without a sign goes as a larger one or as a `char`: Java would extend a
    /// `byte` by its sign, and C compilers rely on zeros there.
    pub fn argument(&self, ty: &Type) -> Carrier {
        let (java, layout) = match ty {
            Type::Bool => ("boolean", "JAVA_BOOLEAN"),
            Type::Int { signed, bits } => match (signed, bits) {
                (true, 8) => ("byte", "JAVA_BYTE"),
                (true, 16) => ("short", "JAVA_SHORT"),
                (false, 16) => ("char", "JAVA_CHAR"),
                (false, 8) | (_, 32) => ("int", "JAVA_INT"),
                _ => ("long", "JAVA_LONG"),
            },
            Type::Float { bits: 32 } => ("float", "JAVA_FLOAT"),
            Type::Float { .. } => ("double", "JAVA_DOUBLE"),
            Type::Char => ("byte", "JAVA_BYTE"),
            Type::Enum { name } => return self.argument(self.integer(name)),
            Type::Struct { name } => {
                return Carrier {
                    java: "MemorySegment".to_owned(),
                    layout: format!("Structs.{}", self.layout_name(name)),
                };
            }
            _ => ("long", "JAVA_LONG"),
        };
        Carrier {
            java: java.to_owned(),
            layout: layout.to_owned(),
        }
    }

    /// A type on its way from C.
    pub fn answer(&self, ty: &Type) -> Carrier {
        match ty {
            Type::Int {
                signed: false,
                bits: 8,
            } => self.argument(&Type::Char),
            Type::Enum { name } => self.answer(self.integer(name)),
            ty => self.argument(ty),
        }
    }

    /// The constant that has a struct's layout.
    pub fn layout_name(&self, name: &str) -> String {
        format!("LAYOUT_OF_{}", self.class(name))
    }

    /// An expression that C takes, of a value. `what` is named in an error.
    pub fn given(&self, ty: &Type, value: &str, what: &str) -> String {
        match ty {
            Type::Int {
                signed: false,
                bits,
            } if matches!(bits, 8 | 16 | 32) => {
                format!("Check.u{bits}({value}, \"{what}\")")
            }
            Type::Enum { name } => {
                let integer = self.integer(name);
                let carrier = self.argument(integer).java;
                if carrier == self.enum_value(name) {
                    format!("{value}.value()")
                } else {
                    format!("({carrier}) {value}.value()")
                }
            }
            ty if is_address(ty) => format!("Memory.address({value})"),
            _ => value.to_owned(),
        }
    }

    /// A value, of an expression that C gave.
    pub fn taken(&self, ty: &Type, given: &str) -> String {
        match ty {
            Type::Int {
                signed: false,
                bits: 8,
            } => format!("Byte.toUnsignedInt({given})"),
            Type::Int {
                signed: false,
                bits: 32,
            } => format!("Integer.toUnsignedLong({given})"),
            Type::Enum { name } => format!(
                "{}.of({})",
                self.class(name),
                self.taken(self.integer(name), given)
            ),
            Type::Struct { name } => {
                format!("Structs.read{}({given}.address())", self.class(name))
            }
            ty if is_address(ty) => format!("MemorySegment.ofAddress({given})"),
            _ => given.to_owned(),
        }
    }

    /// The value at an address.
    pub fn read(&self, ty: &Type, at: &str) -> String {
        match ty {
            Type::Bool => format!("Memory.bool({at})"),
            Type::Int { signed, bits } => {
                let bits = if *bits == 0 { 64 } else { *bits };
                let sign = if *signed || bits == 64 { 'i' } else { 'u' };
                format!("Memory.{sign}{bits}({at})")
            }
            Type::Float { bits } => format!("Memory.f{bits}({at})"),
            Type::Char => format!("Memory.i8({at})"),
            Type::Enum { name } => {
                format!(
                    "{}.of({})",
                    self.class(name),
                    self.read(self.integer(name), at)
                )
            }
            Type::Struct { name } => format!("Structs.read{}({at})", self.class(name)),
            _ => format!("Memory.pointer({at})"),
        }
    }

    /// A statement that puts a value that fits to an address.
    pub fn write(&self, ty: &Type, at: &str, value: &str) -> String {
        match ty {
            Type::Bool => format!("Memory.put8({at}, (byte) ({value} ? 1 : 0))"),
            Type::Int { .. } | Type::Char => {
                let bits = size(ty, self.model) * 8;
                let stored = match bits {
                    8 => "byte",
                    16 => "short",
                    32 => "int",
                    _ => "long",
                };
                if self.value(ty) == stored {
                    format!("Memory.put{bits}({at}, {value})")
                } else {
                    format!("Memory.put{bits}({at}, ({stored}) {value})")
                }
            }
            Type::Float { bits } => format!("Memory.putF{bits}({at}, {value})"),
            Type::Enum { name } => {
                let bits = size(ty, self.model) * 8;
                let stored = match bits {
                    8 => "(byte) ",
                    16 => "(short) ",
                    32 if self.enum_value(name) == "long" => "(int) ",
                    _ => "",
                };
                format!("Memory.put{bits}({at}, {stored}{value}.value())")
            }
            Type::Struct { name } => format!("Structs.write{}({at}, {value})", self.class(name)),
            _ => format!("Memory.put64({at}, Memory.address({value}))"),
        }
    }

    /// The type of an enum's numbers in Java.
    pub fn enum_value(&self, name: &str) -> &'static str {
        match self.value(self.integer(name)).as_str() {
            "long" => "long",
            _ => "int",
        }
    }

    /// How many bytes it has in memory.
    pub fn size(&self, ty: &Type) -> u64 {
        size(ty, self.model)
    }

    /// The layout of a struct, and where its fields are.
    pub fn layout(&self, fields: &[super::super::model::Field]) -> (String, Vec<u64>) {
        let mut parts = Vec::new();
        let mut offsets = Vec::new();
        let mut at = 0;
        let mut most = 1;
        for field in fields {
            let align = align(&field.ty, self.model);
            most = most.max(align);
            pad(&mut parts, &mut at, align);
            offsets.push(at);
            parts.push(match (&field.ty, self.size(&field.ty)) {
                (Type::Struct { name }, _) => self.layout_name(name),
                (Type::Float { bits: 32 }, _) => "JAVA_FLOAT".to_owned(),
                (Type::Float { .. }, _) => "JAVA_DOUBLE".to_owned(),
                (_, 1) => "JAVA_BYTE".to_owned(),
                (_, 2) => "JAVA_SHORT".to_owned(),
                (_, 4) => "JAVA_INT".to_owned(),
                _ => "JAVA_LONG".to_owned(),
            });
            at += self.size(&field.ty);
        }
        pad(&mut parts, &mut at, most);
        (parts.join(", "), offsets)
    }
}

fn pad(parts: &mut Vec<String>, at: &mut u64, align: u64) {
    let gap = at.next_multiple_of(align) - *at;
    if gap > 0 {
        parts.push(format!("MemoryLayout.paddingLayout({gap})"));
        *at += gap;
    }
}

fn size(ty: &Type, model: &Model) -> u64 {
    match ty {
        Type::Bool | Type::Char => 1,
        Type::Int { bits: 0, .. } => 8,
        Type::Int { bits, .. } | Type::Float { bits } => u64::from(*bits) / 8,
        Type::Enum { name } => {
            let found = model.enums.iter().find(|e| e.name.name == *name);
            size(found.map_or(INT, |e| &e.integer), model)
        }
        Type::Struct { name } => {
            let fields = fields(name, model);
            let end = fields.iter().fold(0u64, |at, field| {
                at.next_multiple_of(align(&field.ty, model)) + size(&field.ty, model)
            });
            end.next_multiple_of(align(ty, model))
        }
        _ => 8,
    }
}

fn align(ty: &Type, model: &Model) -> u64 {
    match ty {
        Type::Struct { name } => {
            let fields = fields(name, model);
            let all = fields.iter().map(|field| align(&field.ty, model));
            all.max().unwrap_or(1)
        }
        ty => size(ty, model),
    }
}

fn fields<'a>(name: &str, model: &'a Model) -> &'a [super::super::model::Field] {
    let found = model.structs.iter().find(|s| s.name.name == name);
    found.map_or(&[], |s| &s.fields)
}

/// Whether a value of it is an address.
pub(super) fn is_address(ty: &Type) -> bool {
    !matches!(
        ty,
        Type::Void
            | Type::Bool
            | Type::Int { .. }
            | Type::Float { .. }
            | Type::Char
            | Type::Struct { .. }
            | Type::Enum { .. }
    )
}

/// The elements of an array that a slice of it is, and the word for such arrays in names of methods.
pub(super) fn element(ty: &Type) -> Option<(&'static str, &'static str)> {
    match ty {
        Type::Bool => Some(("boolean", "Booleans")),
        Type::Char | Type::Int { bits: 8, .. } => Some(("byte", "Bytes")),
        Type::Int { bits: 16, .. } => Some(("short", "Shorts")),
        Type::Int { bits: 32, .. } => Some(("int", "Ints")),
        Type::Int { .. } => Some(("long", "Longs")),
        Type::Float { bits: 32 } => Some(("float", "Floats")),
        Type::Float { .. } => Some(("double", "Doubles")),
        _ => None,
    }
}
