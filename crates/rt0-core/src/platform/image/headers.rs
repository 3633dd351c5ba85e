//! ELF's headers of a file, as they are in memory.

use core::ffi::c_void;
use core::slice;

use crate::platform::assembler::of_the_linker;

of_the_linker! {
    /// The header of the file that we are part of.
    elf_header = "__ehdr_start", c_void;
}

const MAGIC: u32 = u32::from_ne_bytes(*b"\x7fELF");
const ET_EXEC: u16 = 2;

/// ELF's file header, for this processor's word size.
#[repr(C)]
struct FileHeader {
    ident: [u8; 16],
    kind: u16,
    machine: u16,
    version: u32,
    entry: usize,
    program_headers: usize,
    section_headers: usize,
    flags: u32,
    header_size: u16,
    program_header_size: u16,
    program_header_count: u16,
}

/// ELF's program header: its order depends on the word size.
#[cfg(target_pointer_width = "64")]
#[repr(C)]
pub(super) struct ProgramHeader {
    pub kind: u32,
    flags: u32,
    offset: usize,
    pub address: usize,
    physical: usize,
    size_in_file: usize,
    pub size: usize,
    align: usize,
}

/// ELF's program header: its order depends on the word size.
#[cfg(target_pointer_width = "32")]
#[repr(C)]
pub(super) struct ProgramHeader {
    pub kind: u32,
    offset: usize,
    pub address: usize,
    physical: usize,
    size_in_file: usize,
    pub size: usize,
    flags: u32,
    align: usize,
}

/// A file that the loader has mapped.
#[derive(Clone, Copy)]
pub(super) struct Loaded<'a> {
    /// What to add to an address in the file. Null for a program that has a fixed place.
    base: *const u8,
    parts: &'a [ProgramHeader],
}

impl<'a> Loaded<'a> {
    /// The file that we are part of. `None` if the linker left the header out of the loaded part, which is
    /// unusual.
    pub fn this_file() -> Option<Loaded<'static>> {
        let start = elf_header()?.as_ptr().cast_const().cast::<u8>();
        // SAFETY: the linker defines the symbol at the header of the file that we run from, with its program
        // headers mapped behind it, as the ELF specification lays them out. (If gold has left the header out,
        // the symbol is where the file is loaded, and what comes first there is not a header.) They stay as
        // long as our code does.
        unsafe {
            let header = start.cast::<FileHeader>().read();
            // As one number: to compare texts, a load would have to touch three pages more.
            let [a, b, c, d, ..] = header.ident;
            if u32::from_ne_bytes([a, b, c, d]) != MAGIC
                || usize::from(header.program_header_size) != size_of::<ProgramHeader>()
            {
                return None;
            }
            let count = usize::from(header.program_header_count);
            let base = match header.kind {
                ET_EXEC => core::ptr::null(),
                _ => start,
            };
            Some(Loaded {
                base,
                parts: slice::from_raw_parts(start.add(header.program_headers).cast(), count),
            })
        }
    }

    /// # Safety
    /// A file is mapped at `base`, and stays so for `'a`; it has this many program headers there.
    pub unsafe fn new(base: *const u8, parts: *const ProgramHeader, count: usize) -> Loaded<'a> {
        // SAFETY: passed on to our caller.
        let parts = unsafe { slice::from_raw_parts(parts, count) };
        Loaded { base, parts }
    }

    /// Whether it is a program that has a fixed place.
    pub fn is_fixed(&self) -> bool {
        self.base.is_null()
    }

    /// What it consists of.
    pub fn parts(&self) -> impl Iterator<Item = &'a ProgramHeader> {
        self.parts.iter()
    }

    /// An address in the file, in memory.
    pub fn at(&self, address: usize) -> *const u8 {
        self.base.wrapping_add(address)
    }
}
