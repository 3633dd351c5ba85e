//! What an rt0 library and the tools that read it agree on.
//!
//! - [`Status`]: the negative codes that every exported function can return.
//! - [`TypeCode`]: the type of a parameter, a field or a result as a few bytes, made at compile time.
//! - [`Item`] and [`encode`]: write one *record* (an export, a struct, the library itself) as an ELF note.
//! - [`linking`]: what the linker must do for such a library, in one list.
//! - [`decode`](mod@decode) (feature `decode`): reads records, for tools. It never panics on bad input.
//!
//! # The format
//!
//! The built file has a section [`SECTION`]. It is a sequence of notes as ELF defines them:
//!
//! ```text
//! namesz: u32 = 4   descsz: u32   type: u32 = the record's kind      (the file's byte order)
//! name:   "rt0\0"
//! desc:   descsz bytes, then zeros up to a multiple of four
//! ```
//!
//! `desc` is a flat sequence of items. They are little-endian, whatever the file's processor:
//!
//! ```text
//! tag: u8   len: u32   body: len bytes
//! ```
//!
//! Items are read in order. An item with the tag [`tag::PARAM`], [`tag::FIELD`] or [`tag::VARIANT`] opens a
//! part, and the items after it belong to that part until the next one opens. A reader skips a tag that it
//! does not know. There are no pointers, hence no relocations: the bytes are the same in the object file, in
//! the linked library and in memory.
//!
//! In COFF and PE the section is [`SECTION_COFF`], in Mach-O [`SECTION_MACHO`], with the same bytes in it.
//!
//! The records are notes rather than a section type of our own, because every ELF linker keeps notes when it
//! collects unused sections, `strip` leaves them, and `readelf -n` shows them.
#![no_std]

#[cfg(feature = "decode")]
extern crate alloc;

#[cfg(feature = "decode")]
pub mod decode;
mod lines;
pub mod linking;
mod record;
mod status;
mod ty;

pub use lines::line;
pub use record::{
    ABI_VERSION, ABI_VERSION_OF_CALLS, FUTURE, Item, NOTE_NAME, SECTION, SECTION_COFF,
    SECTION_MACHO, encode, encoded_len, kind, tag,
};
pub use status::Status;
pub use ty::TypeCode;

/// The lifecycle calls that every library has, without the library's prefix. An export can't take
/// one of these names.
pub const LIFECYCLE: [&str; 8] = [
    "abi_version",
    "start",
    "wait",
    "state",
    "last_error",
    "shutdown",
    "report",
    "free",
];

/// The calls about ops and their queues, without the library's prefix. A library with `#[rt0::init(async_exports)]`
/// has them. An export can't take one of these names in any library.
pub const OPS: [&str; 8] = [
    "op_wait",
    "op_cancel",
    "op_free",
    "queue_new",
    "queue_call",
    "queue_free",
    "queue_take",
    "queue_fd",
];

/// The types of ops and their queues in C, without the library's prefix.
pub const OP_TYPES: [&str; 2] = ["Op", "Queue"];

/// The call by which a host hears of the library's events, without the library's prefix. A library with
/// `#[rt0::init(tracing)]` has it. An export can't take this name in any library.
pub const EVENTS: &str = "events";
