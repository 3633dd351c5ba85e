//! An object file that has the records of kept symbols and nothing else, so that the archive says which they are.

use std::collections::BTreeSet;

use object::endian::{BigEndian, LittleEndian as Little};
use object::macho::{self, MachHeader64, Section64, SegmentCommand64};
use object::{U32, U64, pod};

use crate::description::KEPT_MACHO;
use crate::keep;

type Header = MachHeader64<Little>;
type Segment = SegmentCommand64<Little>;
type Section = Section64<Little>;

/// The object file, for the same processor as another one.
pub fn object(other: &[u8], kept: &BTreeSet<String>) -> Vec<u8> {
    let (processor, variant) = match pod::from_bytes::<Header>(other) {
        Ok((header, _)) => (header.cputype, header.cpusubtype),
        Err(()) => (number(0), number(0)),
    };
    let data = keep::notes(kept);
    let commands = size_of::<Segment>() + size_of::<Section>();
    let start = size_of::<Header>() + commands;
    let header = Header {
        magic: U32::new(BigEndian, macho::MH_CIGAM_64),
        cputype: processor,
        cpusubtype: variant,
        filetype: number(macho::MH_OBJECT),
        ncmds: number(1),
        sizeofcmds: number(commands as u32),
        flags: number(macho::MH_SUBSECTIONS_VIA_SYMBOLS),
        reserved: number(0),
    };
    let rights = macho::VM_PROT_READ | macho::VM_PROT_WRITE;
    let segment = Segment {
        cmd: number(macho::LC_SEGMENT_64),
        cmdsize: number(commands as u32),
        // An object file has one segment, without a name.
        segname: [0; 16],
        vmaddr: long(0),
        vmsize: long(data.len()),
        fileoff: long(start),
        filesize: long(data.len()),
        maxprot: number(rights),
        initprot: number(rights),
        nsects: number(1),
        flags: number(0),
    };
    let section = Section {
        sectname: name(KEPT_MACHO),
        segname: name("__DATA"),
        addr: long(0),
        size: long(data.len()),
        offset: number(start as u32),
        // Four bytes, as a power of two.
        align: number(2),
        reloff: number(0),
        nreloc: number(0),
        flags: number(macho::S_ATTR_NO_DEAD_STRIP),
        reserved1: number(0),
        reserved2: number(0),
        reserved3: number(0),
    };
    let parts = [
        pod::bytes_of(&header),
        pod::bytes_of(&segment),
        pod::bytes_of(&section),
        &*data,
    ];
    parts.concat()
}

fn number(value: u32) -> U32<Little> {
    U32::new(Little, value)
}

fn long(value: usize) -> U64<Little> {
    U64::new(Little, value as u64)
}

fn name(text: &str) -> [u8; 16] {
    let mut out = [0; 16];
    for (to, from) in out.iter_mut().zip(text.bytes()) {
        *to = from;
    }
    out
}
