//! A type as a few bytes, built at compile time.

/// The longest code, in bytes. A function pointer with a dozen named parameters fits.
const CAPACITY: usize = 512;

/// The type of a parameter, a field or a result, in prefix notation.
///
/// | byte | type | followed by |
/// |---|---|---|
/// | `0` | `()` | |
/// | `b` | `bool` | |
/// | `a` `s` `l` `x` `I` | `i8` `i16` `i32` `i64` `isize` | |
/// | `h` `t` `m` `y` `Z` | `u8` `u16` `u32` `u64` `usize` | |
/// | `f` `d` | `f32` `f64` | |
/// | `c` `v` | C's `char`, C's `void` | |
/// | `p` `P` | `*const T`, `*mut T` | T |
/// | `&` `%` | `&T`, `&mut T` | T |
/// | `S` `E` `H` | a struct, an enum, a handle by its C name | length: u8, name |
/// | `F` | `extern "C" fn` | number of parameters: u8, each, result |
/// | `r` `g` | `&str`, `String` | |
/// | `[` `]` `w` | `&[T]`, `&mut [T]`, `Vec<T>` | T |
/// | `B` | `Box<T>` of a handle | T |
/// | `o` | `Option<T>` | T |
/// | `R` | `Result<T, _>` | T |
#[derive(Clone, Copy)]
pub struct TypeCode {
    bytes: [u8; CAPACITY],
    len: usize,
}

impl TypeCode {
    /// A type whose code is one byte.
    pub const fn leaf(byte: u8) -> TypeCode {
        let mut code = TypeCode {
            bytes: [0; CAPACITY],
            len: 1,
        };
        code.bytes[0] = byte;
        code
    }

    /// A type that wraps another: `p`, `P`, `&`, `%`, `[`, `]`, `w`, `B`, `o`, `R`.
    pub const fn wrap(byte: u8, inner: TypeCode) -> TypeCode {
        TypeCode::leaf(byte).then(inner.as_bytes())
    }

    /// A struct (`S`), an enum (`E`) or a handle (`H`), by its C name.
    ///
    /// # Panics
    /// At compile time, if the name is longer than 255 bytes.
    pub const fn named(byte: u8, name: &str) -> TypeCode {
        assert!(name.len() <= 255, "a type's name has more than 255 bytes");
        TypeCode::leaf(byte)
            .then(&[name.len() as u8])
            .then(name.as_bytes())
    }

    /// An `extern "C"` function pointer.
    ///
    /// # Panics
    /// At compile time, if it has more than 255 parameters or its code is too long.
    pub const fn function(params: &[TypeCode], result: TypeCode) -> TypeCode {
        assert!(
            params.len() <= 255,
            "a function pointer has more than 255 parameters"
        );
        let mut code = TypeCode::leaf(b'F').then(&[params.len() as u8]);
        let mut i = 0;
        while i < params.len() {
            code = code.then(params[i].as_bytes());
            i += 1;
        }
        code.then(result.as_bytes())
    }

    /// The code itself.
    pub const fn as_bytes(&self) -> &[u8] {
        self.bytes.split_at(self.len).0
    }

    const fn then(mut self, more: &[u8]) -> TypeCode {
        assert!(
            self.len + more.len() <= CAPACITY,
            "a type is too long for an rt0 description: give a part of it a name of its own"
        );
        let mut i = 0;
        while i < more.len() {
            self.bytes[self.len] = more[i];
            self.len += 1;
            i += 1;
        }
        self
    }
}
