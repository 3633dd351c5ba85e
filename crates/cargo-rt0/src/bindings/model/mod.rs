//! A library as every language sees it: functions, types and errors, without C and without Rust.
//!
//! The generators of all languages start from this, and `cargo rt0 bindings --json` prints it for generators that are
//! not here. A type's size, the order of the C parameters and who frees what follow from it by the rules of
//! docs/bindings.md.

mod build;
mod names;
#[cfg(test)]
mod tests;

use serde::Serialize;

pub use build::of;
pub use names::Named;

/// The version of this form. It grows when a reader of an older one would misunderstand it.
pub const FORMAT: u32 = 1;

/// A library.
#[derive(Clone, Debug, Serialize)]
pub struct Model {
    /// [`FORMAT`].
    pub format: u32,
    /// The library itself.
    pub library: Library,
    /// rt0's own errors, from -1 downwards.
    pub statuses: Vec<Code>,
    /// The author's errors that have names.
    pub codes: Vec<Code>,
    /// What `NAME_state` returns, from 0 upwards.
    pub states: Vec<Code>,
    /// The enums.
    pub enums: Vec<Enum>,
    /// The structs, each after those that it holds.
    pub structs: Vec<Struct>,
    /// The handles.
    pub handles: Vec<Handle>,
    /// The functions, methods of handles among them, in the order of the source.
    pub functions: Vec<Function>,
    /// The C header, for languages that call through it.
    #[serde(skip)]
    pub header: String,
}

/// The library itself.
#[derive(Clone, Debug, Serialize)]
pub struct Library {
    /// What every symbol begins with, and what packages are called unless they are given a name.
    pub name: Named,
    /// The crate's name.
    pub crate_name: String,
    /// The crate's version.
    pub version: String,
    /// What `NAME_abi_version` must answer.
    pub abi: u32,
    /// The documentation.
    pub docs: String,
    /// The file's name without the system's beginning and ending: `search` for `libsearch.so`.
    pub file: String,
    /// Whether it has the calls about ops and queues.
    pub ops: bool,
    /// Whether it has the call about events.
    pub events: bool,
}

/// A number with a name.
#[derive(Clone, Debug, Serialize)]
pub struct Code {
    /// Its name.
    pub name: Named,
    /// The number, as its type reads it.
    pub code: i128,
    /// What it means: a sentence or more.
    pub docs: String,
}

/// An enum without fields.
#[derive(Clone, Debug, Serialize)]
pub struct Enum {
    /// Its name, without the prefix.
    pub name: Named,
    /// The documentation.
    pub docs: String,
    /// The integer that it is.
    pub integer: Type,
    /// The values.
    pub variants: Vec<Code>,
}

/// A struct.
#[derive(Clone, Debug, Serialize)]
pub struct Struct {
    /// Its name, without the prefix.
    pub name: Named,
    /// The documentation.
    pub docs: String,
    /// The fields, in order.
    pub fields: Vec<Field>,
}

/// A field of a struct.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    /// Its name.
    pub name: Named,
    /// The documentation.
    pub docs: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: Type,
}

/// A handle.
#[derive(Clone, Debug, Serialize)]
pub struct Handle {
    /// Its name, without the prefix.
    pub name: Named,
    /// The documentation.
    pub docs: String,
    /// The C function that closes it.
    pub free: String,
}

/// An exported function.
#[derive(Clone, Debug, Serialize)]
pub struct Function {
    /// Its name, without the prefix.
    pub name: Named,
    /// The C function; of an async one, its blocking twin.
    pub symbol: String,
    /// The documentation.
    pub docs: String,
    /// As a method: of which handle, and under which name. The handle is the first parameter.
    pub method: Option<Method>,
    /// The parameters, in order.
    pub params: Vec<Param>,
    /// What it gives; `None` for nothing.
    pub result: Option<Value>,
    /// What it returns instead of an error, as the author wrote it. `None`: it reports errors, by a status and a text.
    #[serde(rename = "or")]
    pub or: Option<String>,
    /// How it is begun and ended, if it is async.
    #[serde(rename = "async")]
    pub later: Option<Later>,
}

/// A function that is a method of a handle.
#[derive(Clone, Debug, Serialize)]
pub struct Method {
    /// The handle, by its C name.
    pub handle: String,
    /// The method's name: without the handle's, if it begins with that.
    pub name: Named,
}

/// The two halves of an async function.
#[derive(Clone, Debug, Serialize)]
pub struct Later {
    /// The C function that begins it.
    pub begin: String,
    /// The C function that takes its result.
    pub end: String,
    /// After how many milliseconds it is given up; -1: never.
    pub timeout_ms: i64,
}

/// A parameter.
#[derive(Clone, Debug, Serialize)]
pub struct Param {
    /// Its name.
    pub name: Named,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: Type,
    /// Whether it may be missing: null.
    pub optional: bool,
    /// Whether it is only what the callback before it gets back: a binding has its own use for it, and does not show
    /// it.
    pub user: bool,
}

/// What a function gives.
#[derive(Clone, Debug, Serialize)]
pub struct Value {
    /// Its type.
    #[serde(rename = "type")]
    pub ty: Type,
    /// Whether there may be none.
    pub optional: bool,
}

/// A type. Names are those of C: `search_Hit`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Type {
    /// Nothing: only behind a pointer, and as the result of a callback.
    Void,
    /// True or false: one byte.
    Bool,
    /// An integer. 0 bits: as wide as a pointer.
    Int {
        /// Whether it has a sign.
        signed: bool,
        /// 8, 16, 32, 64 or 0.
        bits: u8,
    },
    /// A floating-point number.
    Float {
        /// 32 or 64.
        bits: u8,
    },
    /// C's `char`.
    Char,
    /// A text in UTF-8, with its length. A result belongs to the caller.
    Text,
    /// Elements and their number. A result belongs to the caller.
    Slice {
        /// Whether the call may change them.
        mutable: bool,
        /// The type of the elements.
        of: Box<Type>,
    },
    /// A struct by its name.
    Struct {
        /// Its name in C.
        name: String,
    },
    /// An enum by its name.
    Enum {
        /// Its name in C.
        name: String,
    },
    /// A handle.
    Handle {
        /// Its name in C.
        name: String,
        /// What becomes of it.
        pass: Pass,
    },
    /// Plain data that the call reads or changes where it is.
    Reference {
        /// Whether the call may change it.
        mutable: bool,
        /// The type of the data.
        to: Box<Type>,
    },
    /// An address. The library does not say what may be done with it.
    Pointer {
        /// Whether the memory may be changed.
        mutable: bool,
        /// What is there.
        to: Box<Type>,
    },
    /// A function of the host's, or as a result one of the library's.
    Callback {
        /// Its parameters.
        params: Vec<Type>,
        /// Its result.
        result: Box<Type>,
        /// Which of its parameters is the one that the call was given after it, if one is.
        user: Option<usize>,
    },
}

/// What becomes of a handle that is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pass {
    /// The call uses it; others may at the same time.
    Shared,
    /// The call uses it alone.
    Exclusive,
    /// The call closes it.
    Taken,
    /// The caller gets it, and closes it.
    Given,
}

impl Function {
    /// Whether it is a method of this handle.
    pub fn is_method_of(&self, handle: &Handle) -> bool {
        let method = self.method.as_ref();
        method.is_some_and(|method| method.handle == handle.name.name)
    }
}

impl Type {
    /// Whether it is a handle that the call closes.
    pub fn is_taken(&self) -> bool {
        matches!(
            self,
            Type::Handle {
                pass: Pass::Taken,
                ..
            }
        )
    }

    /// Whether a slice of it is bytes.
    pub fn is_byte(&self) -> bool {
        matches!(
            self,
            Type::Char
                | Type::Int {
                    signed: false,
                    bits: 8
                }
        )
    }
}

/// The parameters of a callback that its function sees, with their places.
pub fn shown(params: &[Type], user: Option<usize>) -> impl Iterator<Item = (usize, &Type)> {
    let all = params.iter().enumerate();
    all.filter(move |(at, _)| Some(*at) != user)
}
