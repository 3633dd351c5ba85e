//! One record as an ELF note, built at compile time.

use crate::ty::TypeCode;

/// The section that holds the notes in ELF. Its name makes linkers treat it as notes.
pub const SECTION: &str = ".note.rt0";

/// The section in COFF and PE, where a linked file has eight letters for a section's name.
pub const SECTION_COFF: &str = ".rt0note";

/// The section in Mach-O, in the segment `__DATA`: its linkers keep what is there.
pub const SECTION_MACHO: &str = "__rt0_note";

/// The owner of our notes, with the terminating zero that ELF requires.
pub const NOTE_NAME: [u8; 4] = *b"rt0\0";

/// The version of everything in this crate that a host or a tool can see: the record format, how a Rust
/// signature becomes a C one, and the status codes. It grows when one of them changes in a way that an older
/// reader would misunderstand.
pub const ABI_VERSION: u32 = 2;

/// The version by which a library describes itself that uses only what this older version has: no async
/// exports, no events. Tools and headers from then can still read it.
pub const ABI_VERSION_OF_CALLS: u32 = 1;

/// What a record describes: the note's type.
pub mod kind {
    /// The library itself. `#[rt0::init]` makes this record, once.
    pub const LIBRARY: u32 = 1;
    /// An exported function.
    pub const EXPORT: u32 = 2;
    /// A `#[repr(C)]` struct.
    pub const STRUCT: u32 = 3;
    /// A fieldless enum.
    pub const ENUM: u32 = 4;
    /// An opaque handle.
    pub const HANDLE: u32 = 5;
    /// A function that rt0 calls, `main` or `exit`, by its name.
    pub const HOOK: u32 = 6;
    /// A symbol that the author exports by hand. It must be visible; nothing else is known about it.
    pub const SYMBOL: u32 = 7;
    /// The author's errors that have numbers: a variant for each.
    pub const CODES: u32 = 8;
}

/// What an item holds.
pub mod tag {
    /// Text: the C name of a symbol or a type, or in a library's record the prefix.
    pub const NAME: u8 = 1;
    /// Text: the Rust name.
    pub const RUST_NAME: u8 = 2;
    /// Text: the doc comment.
    pub const DOCS: u8 = 3;
    /// Type: of the open part; if none is open, of an export's result or of an enum's integer.
    pub const TYPE: u8 = 4;
    /// Text: opens a parameter, by name.
    pub const PARAM: u8 = 5;
    /// Text: opens a struct's field, by name.
    pub const FIELD: u8 = 6;
    /// Text: opens an enum's variant, by its name in C.
    pub const VARIANT: u8 = 7;
    /// Number: a variant's value.
    pub const VALUE: u8 = 8;
    /// Text: what an export returns when it cannot report an error, as the author wrote it.
    pub const OR: u8 = 9;
    /// Number: 1 when an export enters the async runtime's context.
    pub const ENTER: u8 = 10;
    /// Text: the crate's name.
    pub const CRATE: u8 = 11;
    /// Text: the crate's version.
    pub const VERSION: u8 = 12;
    /// Number: [`crate::ABI_VERSION`] of the build.
    pub const ABI: u8 = 13;
    /// Text: the start policy: `load`, `lazy`, `manual` or `quiet`.
    pub const START: u8 = 14;
    /// Number: the default deadline of a wait in milliseconds; -1: none.
    pub const WAIT_MS: u8 = 15;
    /// Text: the source file of the record.
    pub const FILE: u8 = 17;
    /// Number: the line in that file.
    pub const LINE: u8 = 18;
    /// Text: the runtime: `multi_thread`, `current_thread` or `none`.
    pub const RUNTIME: u8 = 16;
    /// Number: 1 when the library makes the loader keep its file, whatever the linker was told.
    pub const PINS_ITSELF: u8 = 19;
    /// Text: the functions of the C library that the library has its own of, if its linker puts them in place,
    /// separated by blanks. See [`crate::linking`].
    pub const OWN_FUNCTIONS: u8 = 20;
    /// Number: how an export gives its result. Absent: when it returns. 1: later, once ([`super::FUTURE`]). Other
    /// numbers are for forms to come, such as a stream of results.
    pub const ASYNC: u8 = 21;
    /// Number: after how many milliseconds an async export is given up, unless the host says otherwise; -1: never.
    pub const TIMEOUT_MS: u8 = 22;
    /// Number: 1 when the library has the calls of [`crate::OPS`].
    pub const OPS: u8 = 23;
    /// Number: 1 when the library has the call [`crate::EVENTS`].
    pub const EVENTS: u8 = 24;
}

/// The value of [`tag::ASYNC`] for an async function with one result.
pub const FUTURE: i64 = 1;

/// One item of a record.
#[derive(Clone, Copy)]
pub struct Item {
    tag: u8,
    body: Body,
}

#[derive(Clone, Copy)]
#[expect(clippy::large_enum_variant, reason = "lives at compile time only")]
enum Body {
    Text(&'static str),
    Type(TypeCode),
    Number(i64),
}

impl Item {
    /// An item whose body is text.
    pub const fn text(tag: u8, text: &'static str) -> Item {
        Item {
            tag,
            body: Body::Text(text),
        }
    }

    /// An item whose body is a type.
    pub const fn ty(tag: u8, ty: TypeCode) -> Item {
        Item {
            tag,
            body: Body::Type(ty),
        }
    }

    /// An item whose body is a number: eight bytes, little-endian.
    pub const fn number(tag: u8, number: i64) -> Item {
        Item {
            tag,
            body: Body::Number(number),
        }
    }

    const fn body_len(&self) -> usize {
        match &self.body {
            Body::Text(text) => text.len(),
            Body::Type(ty) => ty.as_bytes().len(),
            Body::Number(_) => 8,
        }
    }
}

const NOTE_HEADER: usize = 12 + NOTE_NAME.len();
const ITEM_HEADER: usize = 5;

const fn desc_len(items: &[Item]) -> usize {
    let mut len = 0;
    let mut i = 0;
    while i < items.len() {
        len += ITEM_HEADER + items[i].body_len();
        i += 1;
    }
    len
}

/// How many bytes [`encode`] needs for these items.
pub const fn encoded_len(items: &[Item]) -> usize {
    NOTE_HEADER + desc_len(items).next_multiple_of(4)
}

/// The record as a note. `N` is [`encoded_len`] of the same items.
///
/// # Panics
/// At compile time, if `N` is any other number.
pub const fn encode<const N: usize>(kind: u32, items: &[Item]) -> [u8; N] {
    assert!(N == encoded_len(items));
    let mut out = [0; N];
    let mut at = 0;
    // The linker and the loader read the note's header, too, so it is in the target's byte order.
    at = put(&mut out, at, &(NOTE_NAME.len() as u32).to_ne_bytes());
    at = put(&mut out, at, &(desc_len(items) as u32).to_ne_bytes());
    at = put(&mut out, at, &kind.to_ne_bytes());
    at = put(&mut out, at, &NOTE_NAME);
    let mut i = 0;
    while i < items.len() {
        at = put(&mut out, at, &[items[i].tag]);
        at = put(&mut out, at, &(items[i].body_len() as u32).to_le_bytes());
        at = match &items[i].body {
            Body::Text(text) => put(&mut out, at, text.as_bytes()),
            Body::Type(ty) => put(&mut out, at, ty.as_bytes()),
            Body::Number(number) => put(&mut out, at, &number.to_le_bytes()),
        };
        i += 1;
    }
    out
}

const fn put(out: &mut [u8], at: usize, bytes: &[u8]) -> usize {
    let (_, mut place) = out.split_at_mut(at);
    let mut left = bytes;
    // Many at once: byte by byte, the compiler takes a long doc comment for an endless loop.
    while let Some((some, after)) = left.split_first_chunk::<256>() {
        let Some((here, beyond)) = place.split_first_chunk_mut() else {
            panic!("the record is as long as its parts")
        };
        *here = *some;
        (left, place) = (after, beyond);
    }
    let mut i = 0;
    while i < left.len() {
        place[i] = left[i];
        i += 1;
    }
    at + bytes.len()
}
