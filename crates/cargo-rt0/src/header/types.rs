//! The types of a header: handles, enums and structs, each before its uses.

use std::collections::{HashMap, HashSet};

use rt0_abi::decode::{Description, Enum, Struct, Type, Variant};

use super::{Form, comment};
use crate::c::{Known, Scope, constant, element};

/// A declaration of each handle and struct, so that every later line may use it.
pub fn forward(description: &Description) -> String {
    let mut out = String::new();
    for handle in &description.handles {
        out.push_str(&comment::block(handle.docs.raw(), ""));
        out.push_str(&format!("typedef struct {0} {0};\n\n", handle.name));
    }
    for item in &description.structs {
        out.push_str(&format!("typedef struct {0} {0};\n", item.name));
    }
    if !description.structs.is_empty() {
        out.push('\n');
    }
    out
}

/// A declaration of each of these opaque types, with its text.
pub fn opaque(types: &[(String, String)]) -> String {
    let one = |(name, docs): &(String, String)| {
        let docs = comment::with_notes("", std::slice::from_ref(docs));
        format!("{docs}typedef struct {name} {name};\n\n")
    };
    types.iter().map(one).collect()
}

/// An enum: its integer type by name, then its values.
///
/// It is not a C enum, because a C enum's size is the compiler's choice.
pub fn enumeration(item: &Enum, form: Form) -> Result<String, String> {
    let repr = element(&item.repr, &Known::default())?;
    let Type::Int { signed, bits } = item.repr else {
        return Err(format!(
            "its values must be integers, not {}",
            repr.declare("")
        ));
    };
    let mut out = comment::block(item.docs.raw(), "");
    out.push_str(&format!("typedef {};\n", repr.declare(&item.name)));
    if item.variants.is_empty() {
        return Ok(out);
    }
    let wide = !signed && matches!(bits, 0 | 32 | 64);
    let fits = |v: &Variant| i32::try_from(v.value).is_ok() && !(wide && v.value < 0);
    if item.variants.iter().all(fits) {
        out.push_str("enum {\n");
        for variant in &item.variants {
            out.push_str(&comment::block(variant.docs.raw(), "    "));
            let name = constant(&variant.name);
            out.push_str(&format!("    {name} = {},\n", int(variant.value)));
        }
        // C90, and C++ before C++11, refuse a comma at the end.
        out.truncate(out.len() - 2);
        out.push_str("\n};\n");
    } else {
        for variant in &item.variants {
            let name = constant(&variant.name);
            out.push_str(&match form {
                Form::Header => {
                    let value = wide_literal(signed, bits, variant.value);
                    format!(
                        "{}#define {name} (({}){value})\n",
                        comment::block(variant.docs.raw(), ""),
                        item.name
                    )
                }
                // An enum of C's has no room for it.
                Form::Plain => {
                    let value = plain_number(signed, bits, variant.value);
                    comment::first(&format!("{name} is {value}."))
                }
            });
        }
    }
    Ok(out)
}

/// A number as a literal without an operator problem: the smallest `int` has no literal of its own.
fn int(value: i64) -> String {
    if value == i64::from(i32::MIN) {
        "(-2147483647 - 1)".to_owned()
    } else {
        value.to_string()
    }
}

fn plain_number(signed: bool, bits: u8, value: i64) -> String {
    match (signed, bits) {
        (true, _) => value.to_string(),
        (false, 32) => (value as u32).to_string(),
        (false, _) => (value as u64).to_string(),
    }
}

fn wide_literal(signed: bool, bits: u8, value: i64) -> String {
    if !signed {
        return format!("UINT64_C({})", plain_number(signed, bits, value));
    }
    match value {
        i64::MIN => format!("(-INT64_C({}) - 1)", i64::MAX),
        value if value < 0 => format!("(-INT64_C({}))", value.unsigned_abs()),
        value => format!("INT64_C({value})"),
    }
}

/// A struct with its fields.
pub fn structure(item: &Struct, known: &Known<'_>) -> Result<String, String> {
    if item.fields.is_empty() {
        return Err("it has no fields, which C does not allow".to_owned());
    }
    let mut out = comment::block(item.docs.raw(), "");
    out.push_str(&format!("struct {} {{\n", item.name));
    let mut scope = Scope::beside(known);
    for field in &item.fields {
        let ty =
            element(&field.ty, known).map_err(|why| format!("field `{}`: {why}", field.name))?;
        out.push_str(&comment::block(field.docs.raw(), "    "));
        let name = scope.claim(&field.name);
        out.push_str(&format!("    {};\n", ty.declare(&name)));
    }
    out.push_str("};\n");
    Ok(out)
}

/// The structs, each after those that it contains.
pub fn ordered(structs: &[Struct]) -> Result<Vec<&Struct>, String> {
    let by_name: HashMap<&str, &Struct> = structs.iter().map(|s| (&*s.name, s)).collect();
    let mut done: HashSet<&str> = HashSet::new();
    let mut on_path: HashSet<&str> = HashSet::new();
    let mut out = Vec::new();
    for root in structs {
        // Walks with its own stack, because a damaged file may nest to any depth.
        let mut path: Vec<(&Struct, usize)> = vec![(root, 0)];
        while let Some((item, field)) = path.last_mut() {
            let item = *item;
            if done.contains(&*item.name) {
                path.pop();
                continue;
            }
            on_path.insert(&item.name);
            let Some(next) = item.fields.get(*field) else {
                done.insert(&item.name);
                on_path.remove(&*item.name);
                out.push(item);
                path.pop();
                continue;
            };
            *field += 1;
            let Type::Struct(name) = &next.ty else {
                continue;
            };
            let Some(inner) = by_name.get(&**name) else {
                continue;
            };
            if on_path.contains(&*inner.name) {
                return Err(format!("struct `{name}` contains itself"));
            }
            path.push((inner, 0));
        }
    }
    Ok(out)
}
