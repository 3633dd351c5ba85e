//! Reads records back, for tools. Bad bytes give an error that says where; nothing panics.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::{NOTE_NAME, kind, tag};

/// Everything that a library says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// The library's own record. A file without one has exports but no `#[rt0::init]`.
    pub library: Option<Library>,
    /// The exported functions, in the order of the source.
    pub exports: Vec<Export>,
    /// The structs that they name.
    pub structs: Vec<Struct>,
    /// The enums that they name.
    pub enums: Vec<Enum>,
    /// The opaque handles that they name.
    pub handles: Vec<Handle>,
    /// The functions that rt0 calls in it: `main`, `exit`.
    pub hooks: Vec<String>,
}

/// The library itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Library {
    /// What every symbol begins with, without the underscore after it.
    pub prefix: String,
    /// The crate's name.
    pub krate: String,
    /// The crate's version.
    pub version: String,
    /// The ABI version of the build.
    pub abi: u32,
    /// `load`, `lazy` or `manual`.
    pub start: String,
    /// The default deadline in milliseconds; -1 for none.
    pub wait_ms: i64,
    /// `multi_thread`, `current_thread` or `none`.
    pub runtime: String,
    /// The doc comment of the init function.
    pub docs: String,
}

/// One exported function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// The C symbol, prefix included.
    pub symbol: String,
    /// The Rust function's name.
    pub rust_name: String,
    /// The doc comment.
    pub docs: String,
    /// The parameters that a caller gives. State and the like are not among them.
    pub params: Vec<Param>,
    /// What it returns.
    pub result: Type,
    /// For a function that cannot report: what it gives instead, as written.
    pub or: Option<String>,
    /// Whether each call enters the async runtime's context.
    pub enter: bool,
}

/// One parameter, or one field of a struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// Its doc comment (fields only).
    pub docs: String,
    /// Its type.
    pub ty: Type,
}

/// A `#[repr(C)]` struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Struct {
    /// Its name in C.
    pub name: String,
    /// The doc comment.
    pub docs: String,
    /// The fields in order.
    pub fields: Vec<Param>,
}

/// A fieldless enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enum {
    /// Its name in C.
    pub name: String,
    /// The doc comment.
    pub docs: String,
    /// The integer that carries it.
    pub repr: Type,
    /// The variants in order.
    pub variants: Vec<Variant>,
}

/// One value of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Its name in C.
    pub name: String,
    /// The doc comment.
    pub docs: String,
    /// Its value.
    pub value: i64,
}

/// An opaque handle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handle {
    /// Its name in C.
    pub name: String,
    /// The doc comment.
    pub docs: String,
}

/// A type as [`crate::TypeCode`] writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `()`
    Unit,
    /// `bool`
    Bool,
    /// An integer: signed or not, of so many bits; 0 bits for `isize` and `usize`.
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
    Struct(String),
    /// An enum by its C name.
    Enum(String),
    /// A handle by its C name.
    Handle(String),
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
        /// Of what.
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

/// What is wrong with the bytes, and how far into the section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// The offset of the note that could not be read.
    pub offset: usize,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the description is damaged at byte {}: {}",
            self.offset, self.reason
        )
    }
}

impl core::error::Error for DecodeError {}

/// The reason given for a library of a newer ABI: nothing is damaged, only the reader is too old.
pub const NEWER: &str = "it was written by a newer rt0: use a newer cargo-rt0";

impl Description {
    /// Reads the bytes of a [`crate::SECTION`]. Notes of other owners are skipped.
    ///
    /// Whatever the order in the file, the library's record comes first: an export of a newer ABI that
    /// this reader cannot make sense of is then reported as [`NEWER`] and not as damage. The others
    /// come in the order of the source, which the compiler does not keep.
    ///
    /// # Errors
    /// Cut short, a length that does not fit, text that is not UTF-8, a type that is none, two
    /// library records, or a record of a newer ABI than this reader knows.
    pub fn decode(section: &[u8], big_endian: bool) -> Result<Description, DecodeError> {
        let mut notes = Vec::new();
        let mut at = 0;
        while at < section.len() {
            let note = Note::read(&section[at..], big_endian)
                .map_err(|reason| DecodeError { offset: at, reason })?;
            let len = note.len;
            if note.name == NOTE_NAME {
                notes.push((at, note));
            }
            at += len;
        }
        notes.sort_by_cached_key(|(_, note)| (note.kind != kind::LIBRARY, place(note.desc)));
        let mut out = Description::default();
        for (offset, note) in notes {
            out.add(note.kind, note.desc)
                .map_err(|reason| DecodeError { offset, reason })?;
        }
        Ok(out)
    }

    fn add(&mut self, kind: u32, desc: &[u8]) -> Result<(), &'static str> {
        let items = Items(desc);
        match kind {
            kind::LIBRARY => {
                if self.library.is_some() {
                    return Err("it holds two library records");
                }
                self.library = Some(library(items)?);
            }
            kind::EXPORT => self.exports.push(export(items)?),
            kind::STRUCT => {
                let (head, fields) = parts(items, tag::FIELD)?;
                self.structs.push(Struct {
                    name: head.name,
                    docs: head.docs,
                    fields: typed(fields)?,
                });
            }
            kind::ENUM => self.enums.push(enumeration(items)?),
            kind::HANDLE => {
                let (head, _) = parts(items, tag::PARAM)?;
                self.handles.push(Handle {
                    name: head.name,
                    docs: head.docs,
                });
            }
            kind::HOOK => self.hooks.push(parts(items, tag::PARAM)?.0.name),
            // A record of a kind that a later version added: not for this reader.
            _ => {}
        }
        Ok(())
    }
}

struct Note<'a> {
    kind: u32,
    name: &'a [u8],
    desc: &'a [u8],
    len: usize,
}

impl<'a> Note<'a> {
    fn read(bytes: &'a [u8], big_endian: bool) -> Result<Note<'a>, &'static str> {
        let word = |at: usize| -> Result<u32, &'static str> {
            let raw = bytes
                .get(at..at + 4)
                .ok_or("a note's header is cut short")?;
            let raw = [raw[0], raw[1], raw[2], raw[3]];
            Ok(if big_endian {
                u32::from_be_bytes(raw)
            } else {
                u32::from_le_bytes(raw)
            })
        };
        let (name_len, desc_len, kind) = (word(0)? as usize, word(4)? as usize, word(8)?);
        let name = slice(bytes, 12, name_len).ok_or("a note's name is cut short")?;
        let desc_at = name_len
            .checked_next_multiple_of(4)
            .and_then(|len| len.checked_add(12))
            .ok_or("a note's name has an impossible length")?;
        let desc = slice(bytes, desc_at, desc_len).ok_or("a note's content is cut short")?;
        let len = (desc_at + desc_len).next_multiple_of(4).min(bytes.len());
        Ok(Note {
            kind,
            name,
            desc,
            len,
        })
    }
}

fn slice(bytes: &[u8], at: usize, len: usize) -> Option<&[u8]> {
    bytes.get(at..at.checked_add(len)?)
}

/// The items of a record, in order.
#[derive(Clone, Copy)]
struct Items<'a>(&'a [u8]);

impl<'a> Iterator for Items<'a> {
    type Item = Result<(u8, &'a [u8]), &'static str>;

    fn next(&mut self) -> Option<Self::Item> {
        let (&tag, rest) = self.0.split_first()?;
        let body = rest.split_first_chunk::<4>().and_then(|(len, rest)| {
            let len = u32::from_le_bytes(*len) as usize;
            (len <= rest.len()).then(|| rest.split_at(len))
        });
        let Some((body, rest)) = body else {
            self.0 = &[];
            return Some(Err("an item is longer than its record"));
        };
        self.0 = rest;
        Some(Ok((tag, body)))
    }
}

/// Where in the source a record was made, as far as it says so.
fn place(desc: &[u8]) -> (&[u8], i64) {
    let mut place = (&[][..], 0);
    for (tag, body) in Items(desc).flatten() {
        match tag {
            tag::FILE => place.0 = body,
            tag::LINE => place.1 = number(body).unwrap_or(0),
            _ => {}
        }
    }
    place
}

fn text(body: &[u8]) -> Result<String, &'static str> {
    core::str::from_utf8(body)
        .map(ToOwned::to_owned)
        .map_err(|_| "a text is not UTF-8")
}

fn number(body: &[u8]) -> Result<i64, &'static str> {
    let raw = body
        .try_into()
        .map_err(|_| "a number does not have eight bytes")?;
    Ok(i64::from_le_bytes(raw))
}

fn library(items: Items<'_>) -> Result<Library, &'static str> {
    let mut out = Library::default();
    for item in items {
        let (tag, body) = item?;
        match tag {
            tag::NAME => out.prefix = text(body)?,
            tag::CRATE => out.krate = text(body)?,
            tag::VERSION => out.version = text(body)?,
            tag::ABI => {
                out.abi = u32::try_from(number(body)?).map_err(|_| "an impossible ABI version")?;
            }
            tag::START => out.start = text(body)?,
            tag::WAIT_MS => out.wait_ms = number(body)?,
            tag::RUNTIME => out.runtime = text(body)?,
            tag::DOCS => out.docs = text(body)?,
            _ => {}
        }
    }
    if out.prefix.is_empty() {
        return Err("the library's record has no name");
    }
    if out.abi > crate::ABI_VERSION {
        return Err(NEWER);
    }
    Ok(out)
}

/// What stands before the first part of a record, and what each part holds.
#[derive(Default)]
struct Part {
    name: String,
    rust_name: String,
    docs: String,
    ty: Option<Type>,
    value: i64,
    or: Option<String>,
    enter: bool,
}

fn parts(items: Items<'_>, opens: u8) -> Result<(Part, Vec<Part>), &'static str> {
    let mut head = Part::default();
    let mut parts: Vec<Part> = Vec::new();
    for item in items {
        let (tag, body) = item?;
        if tag == opens {
            parts.push(Part {
                name: text(body)?,
                ..Part::default()
            });
            continue;
        }
        let part = parts.last_mut().unwrap_or(&mut head);
        match tag {
            tag::NAME => part.name = text(body)?,
            tag::RUST_NAME => part.rust_name = text(body)?,
            tag::DOCS => part.docs = text(body)?,
            tag::TYPE => part.ty = Some(Type::decode(body)?),
            tag::VALUE => part.value = number(body)?,
            tag::OR => part.or = Some(text(body)?),
            tag::ENTER => part.enter = number(body)? != 0,
            _ => {}
        }
    }
    if head.name.is_empty() {
        return Err("a record has no name");
    }
    Ok((head, parts))
}

fn typed(parts: Vec<Part>) -> Result<Vec<Param>, &'static str> {
    parts
        .into_iter()
        .map(|part| {
            Ok(Param {
                name: part.name,
                docs: part.docs,
                ty: part.ty.ok_or("a parameter or a field has no type")?,
            })
        })
        .collect()
}

fn export(items: Items<'_>) -> Result<Export, &'static str> {
    let (head, params) = parts(items, tag::PARAM)?;
    Ok(Export {
        symbol: head.name,
        rust_name: head.rust_name,
        docs: head.docs,
        params: typed(params)?,
        result: head.ty.ok_or("an export has no result type")?,
        or: head.or,
        enter: head.enter,
    })
}

fn enumeration(items: Items<'_>) -> Result<Enum, &'static str> {
    let (head, variants) = parts(items, tag::VARIANT)?;
    Ok(Enum {
        name: head.name,
        docs: head.docs,
        repr: head.ty.ok_or("an enum has no integer type")?,
        variants: variants
            .into_iter()
            .map(|part| Variant {
                name: part.name,
                docs: part.docs,
                value: part.value,
            })
            .collect(),
    })
}

/// How deep a type may nest: far beyond any real one, and short of any stack's end.
const MAX_DEPTH: u32 = 64;

impl Type {
    /// Reads a type's code, all of it.
    ///
    /// # Errors
    /// A byte that opens no type, a code that ends early or too late, or one that nests too deep.
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
    let (&byte, tail) = rest.split_first().ok_or("a type is cut short")?;
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

fn name(rest: &mut &[u8]) -> Result<String, &'static str> {
    let len = usize::from(take(rest)?);
    let (name, tail) = rest
        .split_at_checked(len)
        .ok_or("a type's name is cut short")?;
    *rest = tail;
    text(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Item, TypeCode, encode, encoded_len};

    const ITEMS: &[Item] = &[
        Item::text(tag::NAME, "x_count"),
        Item::text(tag::RUST_NAME, "count"),
        Item::text(tag::DOCS, "Counts.\nÄ."),
        Item::ty(tag::TYPE, TypeCode::wrap(b'R', TypeCode::leaf(b'y'))),
        Item::text(tag::PARAM, "word"),
        Item::ty(tag::TYPE, TypeCode::leaf(b'r')),
        Item::text(tag::PARAM, "each"),
        Item::ty(
            tag::TYPE,
            TypeCode::function(
                &[TypeCode::wrap(b'p', TypeCode::named(b'S', "x_Hit"))],
                TypeCode::leaf(b'0'),
            ),
        ),
    ];
    static NOTE: [u8; encoded_len(ITEMS)] = encode(kind::EXPORT, ITEMS);
    const BIG: bool = cfg!(target_endian = "big");

    #[test]
    fn what_is_encoded_comes_back() {
        let description = Description::decode(&NOTE, BIG).unwrap();
        let export = &description.exports[0];
        assert_eq!(export.symbol, "x_count");
        assert_eq!(export.rust_name, "count");
        assert_eq!(export.docs, "Counts.\nÄ.");
        assert_eq!(
            export.result,
            Type::Result(Box::new(Type::Int {
                signed: false,
                bits: 64
            }))
        );
        assert_eq!(export.params[0].name, "word");
        assert_eq!(export.params[0].ty, Type::Str);
        assert_eq!(
            export.params[1].ty,
            Type::Function {
                params: Vec::from([Type::Pointer {
                    mutable: false,
                    to: Box::new(Type::Struct("x_Hit".into()))
                }]),
                result: Box::new(Type::Unit)
            }
        );
    }

    #[test]
    fn a_note_cut_anywhere_is_an_error_and_never_a_panic() {
        for end in 1..NOTE.len() {
            let cut = Description::decode(&NOTE[..end], BIG);
            // Only the padding at the very end may be missing.
            let padding = NOTE.len() - 3..NOTE.len();
            assert!(cut.is_err() || padding.contains(&end), "cut at {end}");
        }
    }

    #[test]
    fn every_changed_byte_is_survived() {
        for at in 0..NOTE.len() {
            for value in [0, 1, 0x7f, 0xff, NOTE[at] ^ 0x20] {
                let mut note = NOTE;
                note[at] = value;
                let _ = Description::decode(&note, BIG);
            }
        }
    }

    #[test]
    fn exports_come_in_the_order_of_the_source() {
        const fn at(name: &'static str, line: i64) -> [Item; 4] {
            [
                Item::text(tag::NAME, name),
                Item::ty(tag::TYPE, TypeCode::leaf(b'0')),
                Item::text(tag::FILE, "src/lib.rs"),
                Item::number(tag::LINE, line),
            ]
        }
        const LATER: &[Item] = &at("x_b", 20);
        const EARLIER: &[Item] = &at("x_a", 3);
        let later: [u8; encoded_len(LATER)] = encode(kind::EXPORT, LATER);
        let earlier: [u8; encoded_len(EARLIER)] = encode(kind::EXPORT, EARLIER);
        let section = [&later[..], &earlier[..]].concat();
        let description = Description::decode(&section, BIG).unwrap();
        let names: Vec<_> = description
            .exports
            .iter()
            .map(|export| &export.symbol)
            .collect();
        assert_eq!(names, ["x_a", "x_b"]);
    }

    #[test]
    fn a_type_that_nests_without_end_is_refused() {
        assert_eq!(Type::decode(&[b'p'; 500]), Err("a type nests too deep"));
    }
}
