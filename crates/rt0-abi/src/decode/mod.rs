//! Reads records, for tools. Bad bytes give an error that says where; nothing panics.

mod note;
mod records;
#[cfg(test)]
mod tests;
mod text;
mod ty;

use alloc::vec::Vec;
use core::fmt;

pub use text::{Name, Symbol, Text, Word, is_hidden, shown};
pub use ty::Type;

use crate::record::{NOTE_NAME, kind};
use note::{Note, place};

/// Everything that a library says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// The library's own record. A file without this record has exports but no `#[rt0::init]`.
    pub library: Option<Library>,
    /// The exported functions, in source order.
    pub exports: Vec<Export>,
    /// The structs that the exports name.
    pub structs: Vec<Struct>,
    /// The enums that the exports name.
    pub enums: Vec<Enum>,
    /// The opaque handles that the exports name.
    pub handles: Vec<Handle>,
    /// The functions of the library that rt0 calls: `main`, `exit`.
    pub hooks: Vec<Name>,
    /// The symbols that the library's author exports by hand, with only the gate before them.
    pub symbols: Vec<Symbol>,
    /// The author's errors that have numbers, by their names in C. Several may have one number.
    pub codes: Vec<Variant>,
}

/// The library itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Library {
    /// The prefix of every symbol, without the underscore after it.
    pub prefix: Name,
    /// The crate's name.
    pub krate: Word,
    /// The crate's version.
    pub version: Text,
    /// The ABI version of the build.
    pub abi: u32,
    /// `load`, `lazy`, `manual` or `quiet`.
    pub start: Text,
    /// The default deadline in milliseconds; -1: none.
    pub wait_ms: i64,
    /// `multi_thread`, `current_thread` or `none`.
    pub runtime: Text,
    /// The doc comment of the init function.
    pub docs: Text,
    /// Whether the library makes the loader keep its file.
    pub pins_itself: bool,
    /// The functions of the C library that it has its own of, if its linker has put them in place.
    pub own_functions: Vec<Text>,
    /// Whether it has the calls about ops and queues, which async exports need.
    pub ops: bool,
    /// Whether a host can hear of its events.
    pub events: bool,
}

/// One exported function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Export {
    /// The C symbol, prefix included.
    pub symbol: Name,
    /// The Rust function's name.
    pub rust_name: Option<Word>,
    /// The doc comment.
    pub docs: Text,
    /// The parameters that a caller passes. State and the like are not among them.
    pub params: Vec<Param>,
    /// What it returns.
    pub result: Type,
    /// For a function that cannot report an error: what it returns instead, as the author wrote it.
    pub or: Option<Text>,
    /// Whether each call enters the async runtime's context.
    pub enter: bool,
    /// When it gives its result.
    pub gives: Gives,
}

/// When an export gives its result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Gives {
    /// When it returns.
    #[default]
    AtOnce,
    /// Later, and once: an async function.
    Later {
        /// After how many milliseconds it is given up, unless the host says otherwise; -1: never.
        timeout_ms: i64,
    },
}

/// One parameter, or one field of a struct.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Param {
    /// Its name.
    pub name: Word,
    /// Its doc comment (fields only).
    pub docs: Text,
    /// Its type.
    pub ty: Type,
}

/// A `#[repr(C)]` struct.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Struct {
    /// Its name in C.
    pub name: Name,
    /// The doc comment.
    pub docs: Text,
    /// The fields, in order.
    pub fields: Vec<Param>,
}

/// A fieldless enum.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Enum {
    /// Its name in C.
    pub name: Name,
    /// The doc comment.
    pub docs: Text,
    /// The integer type that represents it.
    pub repr: Type,
    /// The variants, in order.
    pub variants: Vec<Variant>,
}

/// One value of an enum.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Variant {
    /// Its name in C.
    pub name: Name,
    /// The doc comment.
    pub docs: Text,
    /// Its value.
    pub value: i64,
}

/// An opaque handle.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Handle {
    /// Its name in C.
    pub name: Name,
    /// The doc comment.
    pub docs: Text,
}

/// What is wrong with the bytes, and where in the section.
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

/// The reason given for a library of a newer ABI: nothing is damaged, the reader is just too old.
pub const NEWER: &str = "it was written by a newer rt0: use a newer cargo-rt0";

impl Description {
    /// Reads the bytes of a [`crate::SECTION`]. Notes of other owners are skipped.
    ///
    /// The library's record is read first, wherever it is in the file. So an export of a newer ABI that this
    /// reader can't understand is reported as [`NEWER`] and not as damage. The other records come in source
    /// order, which the compiler does not keep.
    ///
    /// # Errors
    /// The bytes are truncated, a length does not fit, a text is not UTF-8, a type is not valid, a name has a
    /// character that such a name can't have, there are two library records, or a record is from a newer ABI
    /// than this reader knows.
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
}
