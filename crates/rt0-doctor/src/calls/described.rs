//! Calls from the description that a library built with rt0 carries.

use object::{Object, ObjectSection};
use rt0_abi::decode::{Description, Export, Gives, Type};

use super::{Arg, Call, Expect, Kind, Later, Ty, Value};

/// What the description gives.
#[derive(Debug, Default)]
pub struct Described {
    /// The calls.
    pub calls: Vec<Call>,
    /// `NAME_shutdown`.
    pub shutdown: Option<Call>,
    /// Whether the library makes the loader keep its file.
    pub pins_itself: bool,
    /// What the names of its calls begin with.
    pub prefix: String,
}

/// How long a wait and a shutdown may take, in milliseconds. The watchdog is quicker.
const PATIENCE: i128 = 60_000;

/// How long an op may take whose author sets no limit, or a longer one, in milliseconds: it may be one that waits for
/// what never comes here.
const OP: i64 = 2000;

/// How large the buffers are that stand for what a call wants a pointer to.
const ROOM: usize = 4096;

/// What the file says of itself; `None` if it was not built with rt0.
///
/// # Errors
/// The description is damaged or of a newer rt0.
pub fn read(object: &object::File<'_>) -> Result<Option<Described>, String> {
    let mut all = Description::default();
    let ours = [
        rt0_abi::SECTION,
        rt0_abi::SECTION_COFF,
        rt0_abi::SECTION_MACHO,
    ];
    let is_ours = |name: &str| ours.contains(&name);
    for section in object
        .sections()
        .filter(|section| section.name().is_ok_and(is_ours))
    {
        let bytes = section.data().map_err(|e| e.to_string())?;
        let part =
            Description::decode(bytes, !object.is_little_endian()).map_err(|e| e.to_string())?;
        all.exports.extend(part.exports);
        all.library = all.library.or(part.library);
    }
    let Some(library) = &all.library else {
        return Ok(None);
    };
    let lifecycle = |name: &str| Call {
        symbol: format!("{}_{name}", library.prefix),
        args: vec![Arg::Int(Ty::I32, PATIENCE)],
        result: Ty::I32,
        expect: Expect::Is(Value::Int(0)),
        kind: Kind::Plain,
        later: None,
    };
    let mut calls = chosen(&all.exports, &library.prefix);
    if calls.is_empty() {
        calls.push(lifecycle("wait"));
    }
    Ok(Some(Described {
        calls,
        shutdown: Some(lifecycle("shutdown")),
        pins_itself: library.pins_itself,
        prefix: library.prefix.to_string(),
    }))
}

/// Of the exports that can be called with values that anybody can make up: a plain one, one that needs the
/// runtime, one that calls back, one that is async.
fn chosen(exports: &[Export], prefix: &str) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    for call in exports.iter().filter_map(|export| call(export, prefix)) {
        if calls.iter().all(|other| other.kind != call.kind) {
            calls.push(call);
        }
    }
    calls
}

/// A call of this export; `None` if a parameter can't be made up.
fn call(export: &Export, prefix: &str) -> Option<Call> {
    let mut args = Vec::new();
    for param in &export.params {
        args.extend(argument(&param.ty)?);
    }
    let own = args.len();
    let (result, expect) = match &export.result {
        Type::Result(value) => {
            args.extend(std::iter::repeat_n(Arg::Buffer(ROOM), outs(value) + 1));
            (Ty::I32, Expect::Answered)
        }
        value => (scalar(value)?, Expect::Anything),
    };
    let later = match export.gives {
        Gives::AtOnce => None,
        Gives::Later { timeout_ms } => Some(Later {
            prefix: prefix.to_owned(),
            timeout_ms: if (0..=OP).contains(&timeout_ms) {
                -1
            } else {
                OP as i32
            },
            outs: args.len() - own,
        }),
        // A form that a newer rt0 has.
        _ => return None,
    };
    let kind = match (&later, args.contains(&Arg::Callback), export.enter) {
        (Some(_), ..) => Kind::Async,
        (None, true, _) => Kind::CallsBack,
        (None, false, true) => Kind::Runtime,
        (None, false, false) => Kind::Plain,
    };
    Some(Call {
        symbol: export.symbol.to_string(),
        args,
        result,
        expect,
        kind,
        later,
    })
}

/// How many out-parameters a value takes, without `err`.
fn outs(value: &Type) -> usize {
    match value {
        Type::Unit => 0,
        Type::Str | Type::String | Type::Vec(_) => 2,
        Type::Option(inner) => match &**inner {
            Type::Str | Type::String | Type::Vec(_) => 2,
            Type::Owned(_) | Type::Function { .. } => 1,
            _ => 2,
        },
        _ => 1,
    }
}

fn argument(ty: &Type) -> Option<Vec<Arg>> {
    Some(match ty {
        Type::Float(_) => vec![Arg::Float(scalar(ty)?, 1.0)],
        Type::Bool | Type::Char | Type::Int { .. } => vec![Arg::Int(scalar(ty)?, 1)],
        Type::Str | Type::String => vec![Arg::Text("rt0".to_owned())],
        Type::Slice { of, .. } | Type::Vec(of) => {
            scalar(of)?;
            vec![Arg::Buffer(ROOM), Arg::Int(Ty::Usize, 1)]
        }
        Type::Function { .. } => vec![Arg::Callback],
        Type::Option(inner) => match &**inner {
            Type::Function { .. } => vec![Arg::Callback],
            Type::Reference { .. } => vec![Arg::Null],
            Type::Str | Type::String | Type::Slice { .. } | Type::Vec(_) => {
                vec![Arg::Null, Arg::Int(Ty::Usize, 0)]
            }
            _ => return None,
        },
        Type::Pointer { to, .. } if matches!(**to, Type::Void | Type::Unit) => {
            vec![Arg::Buffer(ROOM)]
        }
        _ => return None,
    })
}

/// The C type of what fits a register.
fn scalar(ty: &Type) -> Option<Ty> {
    Some(match ty {
        Type::Unit => Ty::Void,
        Type::Bool => Ty::Bool,
        Type::Char => Ty::U8,
        Type::Float(32) => Ty::F32,
        Type::Float(_) => Ty::F64,
        Type::Int { signed, bits } => match (signed, bits) {
            (true, 8) => Ty::I8,
            (true, 16) => Ty::I16,
            (true, 32) => Ty::I32,
            (true, 64) => Ty::I64,
            (true, _) => Ty::Isize,
            (false, 8) => Ty::U8,
            (false, 16) => Ty::U16,
            (false, 32) => Ty::U32,
            (false, 64) => Ty::U64,
            (false, _) => Ty::Usize,
        },
        Type::Pointer { .. } | Type::Function { .. } => Ty::Ptr,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Call, Export, Gives, Kind, OP, Type, chosen};

    fn export(symbol: &str, enter: bool, gives: Gives) -> Export {
        Export {
            symbol: rt0_abi::decode::Name::new(symbol).unwrap(),
            rust_name: None,
            docs: "".into(),
            params: Vec::new(),
            result: Type::Result(Box::new(Type::Bool)),
            or: None,
            enter,
            gives,
        }
    }

    #[test]
    fn one_of_each_kind_is_chosen_and_what_is_async_is_limited() {
        let later = |timeout_ms| Gives::Later { timeout_ms };
        let exports = [
            export("x_plain", false, Gives::AtOnce),
            export("x_other", false, Gives::AtOnce),
            export("x_runtime", true, Gives::AtOnce),
            export("x_async", false, later(-1)),
            export("x_more", true, later(5)),
        ];
        let calls = chosen(&exports, "x");
        let names: Vec<_> = calls.iter().map(Call::label).collect();
        assert_eq!(names, ["x_plain", "x_runtime", "async x_async"]);
        assert_eq!(calls[2].kind, Kind::Async);
        let limit = |exports: &[Export]| chosen(exports, "x")[0].later.as_ref().unwrap().timeout_ms;
        assert_eq!(limit(&exports[3..]), OP as i32);
        // Its author's is shorter.
        assert_eq!(limit(&exports[4..]), -1);
        let later = calls[2].later.as_ref().unwrap();
        // The value, and the error's text.
        assert_eq!(later.outs, 2);
        assert_eq!(
            later.symbols("x_async"),
            ["x_async_begin", "x_op_wait", "x_async_end", "x_op_free"]
        );
    }
}
