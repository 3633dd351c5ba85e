//! ELF: the file's header, in memory, says what the file is, and whether the loader keeps it.

use core::ffi::c_void;
use core::sync::atomic::{AtomicBool, Ordering};

use crate::platform::assembler::of_the_linker;
use crate::platform::loader;
use crate::sabotage;

of_the_linker! {
    /// The header of the file that we are part of.
    elf_header = "__ehdr_start", c_void;
}

const MAGIC: &[u8] = b"\x7fELF";
const PT_DYNAMIC: u32 = 2;
const PT_INTERP: u32 = 3;
const ET_EXEC: u16 = 2;
const DT_FLAGS_1: usize = 0x6fff_fffb;
const DF_1_NODELETE: usize = 0x8;
const DF_1_PIE: usize = 0x0800_0000;

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
struct ProgramHeader {
    kind: u32,
    flags: u32,
    offset: usize,
    address: usize,
}

/// ELF's program header: its order depends on the word size.
#[cfg(target_pointer_width = "32")]
#[repr(C)]
struct ProgramHeader {
    kind: u32,
    offset: usize,
    address: usize,
}

#[repr(C)]
struct DynamicEntry {
    tag: usize,
    value: usize,
}

#[derive(Clone, Copy, Default)]
struct Image {
    program: bool,
    kept: bool,
}

/// The loader runs the functions in `.fini_array` before it unmaps the file.
pub(crate) const CAN_UNLOAD: bool = true;

pub fn is_program() -> bool {
    look().program
}

/// With `-z nodelete`, which `cargo rt0 build` passes to the linker, there is nothing to do. A library built
/// without it asks the loader. The constructor may do that, since its own thread holds the loader's lock.
pub fn pin() {
    // Relaxed: asking once too often does no harm.
    if PINNED.load(Ordering::Relaxed) || sabotage::NO_PIN {
        return;
    }
    let image = look();
    if image.program || image.kept || loader::keep_this_file() {
        PINNED.store(true, Ordering::Relaxed);
    }
}

/// Whether the file is pinned, or never unmapped anyway.
static PINNED: AtomicBool = AtomicBool::new(false);

pub(crate) fn pin_again() {
    if !sabotage::NO_SECOND_PIN {
        pin();
    }
}

fn look() -> Image {
    let Some(header) = elf_header() else {
        // The linker left the header out of the loaded part, which is unusual.
        return Image::default();
    };
    let header = header.as_ptr().cast_const().cast::<FileHeader>();
    let base = header.cast::<u8>();
    // SAFETY: the linker defines the symbol at the header of the file that we run from, with its program
    // headers mapped behind it, as the ELF specification lays them out. (If gold has left the header out, the
    // symbol is where the file is loaded, and what comes first there is not a header.)
    unsafe {
        let header = header.read();
        if !header.ident.starts_with(MAGIC) {
            return Image::default();
        }
        let mut image = Image {
            program: header.kind == ET_EXEC,
            kept: false,
        };
        let fixed = header.kind == ET_EXEC;
        for i in 0..usize::from(header.program_header_count) {
            let at = base.add(header.program_headers + i * usize::from(header.program_header_size));
            let part = at.cast::<ProgramHeader>().read();
            match part.kind {
                PT_INTERP => image.program = true,
                PT_DYNAMIC => {
                    let at = if fixed {
                        part.address as *const u8
                    } else {
                        base.add(part.address)
                    };
                    let flags = dynamic_flags(at.cast());
                    image.kept |= flags & DF_1_NODELETE != 0;
                    image.program |= flags & DF_1_PIE != 0;
                }
                _ => {}
            }
        }
        image
    }
}

/// # Safety
/// `entry` is the first entry of a dynamic section, which ends with a tag of zero.
unsafe fn dynamic_flags(mut entry: *const DynamicEntry) -> usize {
    // SAFETY: passed on to our caller.
    unsafe {
        while (*entry).tag != 0 {
            if (*entry).tag == DT_FLAGS_1 {
                return (*entry).value;
            }
            entry = entry.add(1);
        }
    }
    0
}
