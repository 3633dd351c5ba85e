//! A described type as the author wrote it, for messages.

use rt0_abi::decode::Type;

/// The type in Rust's syntax.
pub fn name(ty: &Type) -> String {
    let of = |inner: &Type| name(inner);
    match ty {
        Type::Unit => "()".into(),
        Type::Bool => "bool".into(),
        Type::Int { signed, bits } => {
            let sign = if *signed { 'i' } else { 'u' };
            match bits {
                0 => format!("{sign}size"),
                bits => format!("{sign}{bits}"),
            }
        }
        Type::Float(bits) => format!("f{bits}"),
        Type::Char => "c_char".into(),
        Type::Void => "c_void".into(),
        Type::Pointer { mutable, to } => {
            format!("*{} {}", if *mutable { "mut" } else { "const" }, of(to))
        }
        Type::Reference { mutable, to } => {
            format!("&{}{}", if *mutable { "mut " } else { "" }, of(to))
        }
        Type::Struct(name) | Type::Enum(name) | Type::Handle(name) => name.to_string(),
        Type::Function { params, result } => {
            let params: Vec<_> = params.iter().map(name).collect();
            format!("extern \"C\" fn({}) -> {}", params.join(", "), of(result))
        }
        Type::Str => "&str".into(),
        Type::String => "String".into(),
        Type::Slice { mutable, of: inner } => {
            format!("&{}[{}]", if *mutable { "mut " } else { "" }, of(inner))
        }
        Type::Vec(inner) => format!("Vec<{}>", of(inner)),
        Type::Owned(inner) => format!("Box<{}>", of(inner)),
        Type::Option(inner) => format!("Option<{}>", of(inner)),
        Type::Result(inner) => format!("Result<{}, _>", of(inner)),
    }
}
