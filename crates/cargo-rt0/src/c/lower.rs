//! From a Rust type to C: the rules that the export macro follows as well.

use std::collections::HashSet;

use rt0_abi::decode::{Description, Type};

use super::{CType, rust};

/// The types that a description defines.
#[derive(Default)]
pub struct Known<'a> {
    structs: HashSet<&'a str>,
    enums: HashSet<&'a str>,
    handles: HashSet<&'a str>,
}

impl<'a> Known<'a> {
    /// The types of this description.
    pub fn of(description: &'a Description) -> Known<'a> {
        let structs = description.structs.iter().map(|s| &*s.name);
        let enums = description.enums.iter().map(|e| &*e.name);
        let handles = description.handles.iter().map(|h| &*h.name);
        Known {
            structs: structs.collect(),
            enums: enums.collect(),
            handles: handles.collect(),
        }
    }

    /// Whether a type has this name.
    pub fn is_type(&self, name: &str) -> bool {
        [&self.structs, &self.enums, &self.handles]
            .iter()
            .any(|names| names.contains(name))
    }
}

/// The C type of a Rust type that is one value: a field, an element, a parameter of a callback.
///
/// # Errors
/// C has no form for it: a sentence.
pub fn element(ty: &Type, known: &Known<'_>) -> Result<CType, String> {
    Ok(match ty {
        Type::Bool => CType::name("bool"),
        Type::Char => CType::name("char"),
        Type::Int { signed, bits } => CType::name(integer(*signed, *bits)),
        Type::Float(bits) => CType::name(if *bits == 32 { "float" } else { "double" }),
        Type::Struct(name) => named(name, &known.structs)?,
        Type::Enum(name) => named(name, &known.enums)?,
        Type::Pointer { mutable, to } | Type::Reference { mutable, to } => {
            let to = Box::new(pointee(to, known)?);
            let constant = !*mutable;
            CType::Pointer { constant, to }
        }
        Type::Function { params, result } => {
            let params = params.iter().map(|ty| element(ty, known));
            CType::Function {
                params: params.collect::<Result<_, _>>()?,
                result: Box::new(match &**result {
                    Type::Unit | Type::Void => CType::name("void"),
                    ty => element(ty, known)?,
                }),
            }
        }
        Type::Option(inner) => match &**inner {
            Type::Function { .. } | Type::Reference { .. } => element(inner, known)?,
            _ => return Err(no_form(ty, "here")),
        },
        _ => return Err(no_form(ty, "here")),
    })
}

/// The type behind a pointer: a value, an opaque handle or `void`.
pub fn pointee(ty: &Type, known: &Known<'_>) -> Result<CType, String> {
    match ty {
        Type::Unit | Type::Void => Ok(CType::name("void")),
        Type::Handle(name) => named(name, &known.handles),
        ty => element(ty, known),
    }
}

/// The sentence for a type that is not allowed in this place.
pub fn no_form(ty: &Type, place: &str) -> String {
    format!("`{}` has no C type {place}", rust::name(ty))
}

fn integer(signed: bool, bits: u8) -> String {
    match (signed, bits) {
        (true, 0) => "ptrdiff_t".into(),
        (false, 0) => "size_t".into(),
        (true, bits) => format!("int{bits}_t"),
        (false, bits) => format!("uint{bits}_t"),
    }
}

fn named(name: &str, known: &HashSet<&str>) -> Result<CType, String> {
    if known.contains(name) {
        Ok(CType::name(name))
    } else {
        Err(format!("`{name}` is not described in the file"))
    }
}
