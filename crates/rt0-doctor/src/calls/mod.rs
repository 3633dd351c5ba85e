//! Calls into a library, as its author or the library itself describes them.

pub mod config;
mod described;
mod parse;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use described::{Described, read as described};
pub use parse::parse;

/// A call: the symbol, what it gets, and what it should answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// The function's name.
    pub symbol: String,
    /// What it gets, in order.
    pub args: Vec<Arg>,
    /// What it returns.
    pub result: Ty,
    /// What the result should be.
    pub expect: Expect,
    /// What kind of call it is, as far as anybody has said.
    pub kind: Kind,
    /// How it is begun and ended, if it gives its result later.
    #[serde(default)]
    pub later: Option<Later>,
}

/// A call whose result comes later: it is begun, waited for and ended, and then made once more by its blocking twin,
/// which is what [`Call::symbol`] names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Later {
    /// The library's prefix: `NAME_op_wait` waits.
    pub prefix: String,
    /// After how many milliseconds it is to be given up; -1: what its author says.
    pub timeout_ms: i32,
    /// How many of the arguments are places for the result, at the end.
    pub outs: usize,
}

impl Later {
    /// How long somebody waits for an op, in milliseconds. The watchdog is quicker.
    pub const PATIENCE: i32 = 60_000;

    /// The functions that begin, wait, end, and close an op without its result.
    pub fn symbols(&self, call: &str) -> [String; 4] {
        let prefix = &self.prefix;
        [
            format!("{call}_begin"),
            format!("{prefix}_op_wait"),
            format!("{call}_end"),
            format!("{prefix}_op_free"),
        ]
    }
}

/// What the library needs for a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Nothing that anybody has told.
    #[default]
    Plain,
    /// Its async runtime.
    Runtime,
    /// It calls back.
    CallsBack,
    /// It gives its result later.
    Async,
}

/// An argument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arg {
    /// An integer or a truth value, of this type.
    Int(Ty, i128),
    /// A floating-point number, of this type.
    Float(Ty, f64),
    /// A pointer to a text that ends with a zero byte.
    Str(String),
    /// Two arguments: a pointer to a text, and its length as `size_t`.
    Text(String),
    /// Bytes that need not be a text, in the place of a `text` or a `str`: no call is written so.
    Bytes {
        /// The bytes, without the zero that comes after them.
        bytes: Vec<u8>,
        /// Whether it is a `text`.
        with_length: bool,
    },
    /// A pointer to this many zero bytes, which the function may write into.
    Buffer(usize),
    /// A null pointer.
    Null,
    /// A pointer to a function of the host's, of whatever signature: it counts, and returns zero.
    Callback,
}

/// A type of C's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "as Rust spells them")]
pub enum Ty {
    Void,
    Bool,
    I8,
    I16,
    I32,
    I64,
    Isize,
    U8,
    U16,
    U32,
    U64,
    Usize,
    F32,
    F64,
    /// A pointer.
    Ptr,
    /// A pointer to a text that ends with a zero byte.
    Str,
}

/// What a result should be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expect {
    /// Anything: the call only has to return.
    #[default]
    Anything,
    /// This value.
    Is(Value),
    /// Any other than this.
    IsNot(Value),
    /// No status by which rt0 says that the library did not answer: a status from 0 upwards, or an error of
    /// the author's.
    Answered,
}

/// A result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// Nothing is returned.
    Void,
    /// An integer, a truth value, or a pointer's address.
    Int(i128),
    /// A floating-point number.
    Float(f64),
    /// A text.
    Str(String),
}

impl Ty {
    /// The type of this name.
    pub fn named(name: &str) -> Option<Ty> {
        Some(match name {
            "void" | "()" => Ty::Void,
            "bool" => Ty::Bool,
            "i8" => Ty::I8,
            "i16" => Ty::I16,
            "i32" | "int" => Ty::I32,
            "i64" => Ty::I64,
            "isize" => Ty::Isize,
            "u8" => Ty::U8,
            "u16" => Ty::U16,
            "u32" => Ty::U32,
            "u64" => Ty::U64,
            "usize" | "size_t" => Ty::Usize,
            "f32" | "float" => Ty::F32,
            "f64" | "double" => Ty::F64,
            "ptr" => Ty::Ptr,
            "str" => Ty::Str,
            _ => return None,
        })
    }

    /// Its name in a call.
    pub fn name(self) -> &'static str {
        match self {
            Ty::Void => "void",
            Ty::Bool => "bool",
            Ty::I8 => "i8",
            Ty::I16 => "i16",
            Ty::I32 => "i32",
            Ty::I64 => "i64",
            Ty::Isize => "isize",
            Ty::U8 => "u8",
            Ty::U16 => "u16",
            Ty::U32 => "u32",
            Ty::U64 => "u64",
            Ty::Usize => "usize",
            Ty::F32 => "f32",
            Ty::F64 => "f64",
            Ty::Ptr => "ptr",
            Ty::Str => "str",
        }
    }

    /// The smallest and the largest value, for an integer.
    pub fn range(self) -> Option<(i128, i128)> {
        Some(match self {
            Ty::Bool => (0, 1),
            Ty::I8 => (i8::MIN.into(), i8::MAX.into()),
            Ty::I16 => (i16::MIN.into(), i16::MAX.into()),
            Ty::I32 => (i32::MIN.into(), i32::MAX.into()),
            Ty::I64 => (i64::MIN.into(), i64::MAX.into()),
            Ty::Isize => (isize::MIN as i128, isize::MAX as i128),
            Ty::U8 => (0, u8::MAX.into()),
            Ty::U16 => (0, u16::MAX.into()),
            Ty::U32 => (0, u32::MAX.into()),
            Ty::U64 => (0, u64::MAX.into()),
            Ty::Usize | Ty::Ptr => (0, usize::MAX as i128),
            Ty::Void | Ty::F32 | Ty::F64 | Ty::Str => return None,
        })
    }
}

impl Call {
    /// Its name, as a step of a check says it.
    pub fn label(&self) -> String {
        match self.later {
            Some(_) => format!("async {}", self.symbol),
            None => self.symbol.clone(),
        }
    }

    /// What is wrong with this answer, if something is.
    pub fn objection(&self, answer: &Value) -> Option<String> {
        match &self.expect {
            Expect::Anything => None,
            Expect::Is(value) if value == answer => None,
            Expect::Is(value) => Some(format!("{self} returned {answer}, not {value}")),
            Expect::IsNot(value) if value != answer => None,
            Expect::IsNot(_) => Some(format!("{self} returned {answer}")),
            Expect::Answered => match answer {
                Value::Int(code) => Some(*code as i32)
                    .and_then(rt0_abi::Status::from_code)
                    .filter(|status| !status_is_an_answer(*status))
                    .map(|status| format!("{self} returned {} ({code})", status.name())),
                _ => None,
            },
        }
    }
}

/// Statuses that the arguments earn, which nobody but the doctor has chosen.
fn status_is_an_answer(status: rt0_abi::Status) -> bool {
    use rt0_abi::Status::{InvalidArgument, InvalidHandle, InvalidUtf8};
    status.code() >= 0 || matches!(status, InvalidArgument | InvalidHandle | InvalidUtf8)
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Void => f.write_str("nothing"),
            Value::Int(value) => write!(f, "{value}"),
            Value::Float(value) => write!(f, "{value}"),
            Value::Str(value) => write!(f, "{value:?}"),
        }
    }
}

impl std::fmt::Display for Arg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Arg::Int(Ty::Bool, value) => write!(f, "bool {}", *value != 0),
            Arg::Int(ty, value) => write!(f, "{} {value}", ty.name()),
            Arg::Float(ty, value) => write!(f, "{} {value:?}", ty.name()),
            Arg::Str(text) => write!(f, "str {}", quoted(text)),
            Arg::Text(text) => write!(f, "text {}", quoted(text)),
            Arg::Bytes { bytes, with_length } => {
                let kind = if *with_length { "text" } else { "str" };
                let shown = &bytes[..bytes.len().min(16)];
                write!(f, "{kind} \"{}\"", shown.escape_ascii())?;
                match bytes.len() - shown.len() {
                    0 => Ok(()),
                    more => write!(f, " and {more} bytes more"),
                }
            }
            Arg::Buffer(size) => write!(f, "buffer {size}"),
            Arg::Null => f.write_str("ptr null"),
            Arg::Callback => f.write_str("callback"),
        }
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

impl std::fmt::Display for Call {
    /// As [`parse()`] reads it, without what it should return.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let args: Vec<_> = self.args.iter().map(Arg::to_string).collect();
        write!(f, "{}({})", self.label(), args.join(", "))
    }
}
