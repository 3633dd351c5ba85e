//! ELF: the file's header, in memory, says what the file is, and whether the loader keeps it.

use core::sync::atomic::{AtomicBool, Ordering};

use super::headers::Loaded;
use crate::platform::loader;
use crate::sabotage;

const PT_DYNAMIC: u32 = 2;
const PT_INTERP: u32 = 3;
const DT_FLAGS_1: usize = 0x6fff_fffb;
const DF_1_NODELETE: usize = 0x8;
const DF_1_PIE: usize = 0x0800_0000;

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
    let Some(file) = Loaded::this_file() else {
        return Image::default();
    };
    let mut image = Image {
        program: file.is_fixed(),
        kept: false,
    };
    for part in file.parts() {
        match part.kind {
            PT_INTERP => image.program = true,
            PT_DYNAMIC => {
                // SAFETY: the linker has written the dynamic section of the file that we run from, which the
                // loader has mapped, as the ELF specification lays it out.
                let flags = unsafe { dynamic_flags(file.at(part.address).cast()) };
                image.kept |= flags & DF_1_NODELETE != 0;
                image.program |= flags & DF_1_PIE != 0;
            }
            _ => {}
        }
    }
    image
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
