//! The codes of types.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::Name;
use super::note::text;

/// A type as [`crate::TypeCode`] writes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// `()`
    Unit,
    /// `bool`
    Bool,
    /// An integer, signed or unsigned, with its number of bits; 0 bits for `isize` and `usize`.
    Int {
        /// Whether it has a sign.
        signed: bool,
        /// 8, 16, 32, 64, or 0 for the size of a pointer.
        bits: u8,
    },
    /// `f32` or `f64`: the number of bits.
    Float(u8),
    /// C's `char`.
    Char,
    /// C's `void`.
    Void,
    /// A raw pointer, which may be null.
    Pointer {
        /// `*mut` rather than `*const`.
        mutable: bool,
        /// What it points to.
        to: Box<Type>,
    },
    /// A reference, which is never null.
    Reference {
        /// `&mut` rather than `&`.
        mutable: bool,
        /// What it points to.
        to: Box<Type>,
    },
    /// A struct by its C name.
    Struct(Name),
    /// An enum by its C name.
    Enum(Name),
    /// A handle by its C name.
    Handle(Name),
    /// An `extern "C"` function pointer.
    Function {
        /// Its parameters.
        params: Vec<Type>,
        /// Its result.
        result: Box<Type>,
    },
    /// `&str`
    Str,
    /// `String`
    String,
    /// `&[T]` or `&mut [T]`
    Slice {
        /// `&mut` rather than `&`.
        mutable: bool,
        /// The type of the elements.
        of: Box<Type>,
    },
    /// `Vec<T>`
    Vec(Box<Type>),
    /// `Box<T>` of a handle
    Owned(Box<Type>),
    /// `Option<T>`
    Option(Box<Type>),
    /// `Result<T, _>`
    Result(Box<Type>),
}

/// How deep a type may nest: far deeper than any real type, and not deep enough to overflow a stack.
const MAX_DEPTH: u32 = 64;

impl Type {
    /// Reads a type's code. All bytes must belong to it.
    ///
    /// # Errors
    /// A byte does not begin a type, the code is too short or too long, or it nests too deep.
    pub fn decode(code: &[u8]) -> Result<Type, &'static str> {
        let mut rest = code;
        let ty = read_type(&mut rest, MAX_DEPTH)?;
        if rest.is_empty() {
            Ok(ty)
        } else {
            Err("a type has bytes left over")
        }
    }
}

fn take(rest: &mut &[u8]) -> Result<u8, &'static str> {
    let (&byte, tail) = rest.split_first().ok_or("a type is truncated")?;
    *rest = tail;
    Ok(byte)
}

fn read_type(rest: &mut &[u8], depth: u32) -> Result<Type, &'static str> {
    let depth = depth.checked_sub(1).ok_or("a type nests too deep")?;
    let int = |signed, bits| Type::Int { signed, bits };
    let byte = take(rest)?;
    let mut inner = || read_type(rest, depth).map(Box::new);
    Ok(match byte {
        b'0' => Type::Unit,
        b'b' => Type::Bool,
        b'a' => int(true, 8),
        b's' => int(true, 16),
        b'l' => int(true, 32),
        b'x' => int(true, 64),
        b'I' => int(true, 0),
        b'h' => int(false, 8),
        b't' => int(false, 16),
        b'm' => int(false, 32),
        b'y' => int(false, 64),
        b'Z' => int(false, 0),
        b'f' => Type::Float(32),
        b'd' => Type::Float(64),
        b'c' => Type::Char,
        b'v' => Type::Void,
        b'r' => Type::Str,
        b'g' => Type::String,
        b'p' | b'P' => Type::Pointer {
            mutable: byte == b'P',
            to: inner()?,
        },
        b'&' | b'%' => Type::Reference {
            mutable: byte == b'%',
            to: inner()?,
        },
        b'[' | b']' => Type::Slice {
            mutable: byte == b']',
            of: inner()?,
        },
        b'w' => Type::Vec(inner()?),
        b'B' => Type::Owned(inner()?),
        b'o' => Type::Option(inner()?),
        b'R' => Type::Result(inner()?),
        b'S' => Type::Struct(name(rest)?),
        b'E' => Type::Enum(name(rest)?),
        b'H' => Type::Handle(name(rest)?),
        b'F' => {
            let count = take(rest)?;
            let params = (0..count)
                .map(|_| read_type(rest, depth))
                .collect::<Result<_, _>>()?;
            let result = Box::new(read_type(rest, depth)?);
            Type::Function { params, result }
        }
        _ => return Err("a type has an unknown code"),
    })
}

fn name(rest: &mut &[u8]) -> Result<Name, &'static str> {
    let len = usize::from(take(rest)?);
    let (name, tail) = rest
        .split_at_checked(len)
        .ok_or("a type's name is truncated")?;
    *rest = tail;
    Name::new(text(name)?)
}
