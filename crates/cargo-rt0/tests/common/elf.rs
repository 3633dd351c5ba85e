//! Small object files for any processor, with a description inside.

use object::write::{Object, StandardSegment};
use object::{Architecture, BinaryFormat, Endianness, SectionKind};
use rt0_abi::{kind, tag};

/// One record. The header of the note is in the file's byte order.
pub fn note(kind: u32, items: &[(u8, &[u8])], big: bool) -> Vec<u8> {
    let mut desc = Vec::new();
    for (tag, body) in items {
        desc.push(*tag);
        desc.extend_from_slice(&(body.len() as u32).to_le_bytes());
        desc.extend_from_slice(body);
    }
    let word = |n: usize| {
        if big {
            (n as u32).to_be_bytes()
        } else {
            (n as u32).to_le_bytes()
        }
    };
    let mut out = [word(4), word(desc.len()), word(kind as usize)].concat();
    out.extend_from_slice(b"rt0\0");
    out.extend_from_slice(&desc);
    out.resize(out.len().next_multiple_of(4), 0);
    out
}

/// The description of a library with one export.
pub fn notes(abi: i64, big: bool) -> Vec<u8> {
    let export: &[(u8, &[u8])] = &[
        (tag::NAME, b"far_count"),
        (tag::RUST_NAME, b"count"),
        (tag::DOCS, " Zählt.".as_bytes()),
        (tag::TYPE, b"Ry"),
        (tag::PARAM, b"word"),
        (tag::TYPE, b"r"),
    ];
    let library: &[(u8, &[u8])] = &[
        (tag::NAME, b"far"),
        (tag::CRATE, b"far"),
        (tag::VERSION, b"0.1.0"),
        (tag::ABI, &abi.to_le_bytes()),
        (tag::START, b"load"),
        (tag::WAIT_MS, &30_000i64.to_le_bytes()),
        (tag::RUNTIME, b"none"),
    ];
    [
        note(kind::EXPORT, export, big),
        note(kind::LIBRARY, library, big),
    ]
    .concat()
}

/// The library's own record, with this crate name and version.
pub fn library(krate: &str, version: &str) -> Vec<u8> {
    let items: &[(u8, &[u8])] = &[
        (tag::NAME, b"far"),
        (tag::CRATE, krate.as_bytes()),
        (tag::VERSION, version.as_bytes()),
        (tag::ABI, &1i64.to_le_bytes()),
        (tag::START, version.as_bytes()),
        (tag::RUNTIME, version.as_bytes()),
        (tag::DOCS, version.as_bytes()),
    ];
    note(kind::LIBRARY, items, false)
}

/// A relocatable file for a processor, with this section.
pub fn object(arch: Architecture, endian: Endianness, notes: &[u8]) -> Vec<u8> {
    let mut file = Object::new(BinaryFormat::Elf, arch, endian);
    let segment = file.segment_name(StandardSegment::Data).to_vec();
    let section = file.add_section(segment, b".note.rt0".to_vec(), SectionKind::Note);
    file.append_section_data(section, notes, 4);
    file.write().unwrap()
}
