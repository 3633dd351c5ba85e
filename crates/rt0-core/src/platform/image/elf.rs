//! ELF: the file's header, in memory, says what the file is, and whether the loader keeps it.

use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use super::Marks;
use super::headers::Loaded;
use crate::platform::loader;
use crate::sabotage;

const PT_DYNAMIC: u32 = 2;
const PT_INTERP: u32 = 3;
const DT_BIND_NOW: usize = 24;
const DT_FLAGS: usize = 30;
const DT_FLAGS_1: usize = 0x6fff_fffb;
const DF_BIND_NOW: usize = 0x8;
const DF_1_NOW: usize = 0x1;
const DF_1_NODELETE: usize = 0x8;
const DF_1_PIE: usize = 0x0800_0000;

#[repr(C)]
#[derive(Clone, Copy)]
struct DynamicEntry {
    tag: usize,
    value: usize,
}

#[derive(Clone, Copy, Default)]
struct Image {
    program: bool,
    kept: bool,
    bound: bool,
}

impl Image {
    /// As a number, which is never 0.
    const fn packed(self) -> u32 {
        1 | (self.program as u32) << 1 | (self.kept as u32) << 2 | (self.bound as u32) << 3
    }

    const fn unpacked(packed: u32) -> Image {
        Image {
            program: packed & 2 != 0,
            kept: packed & 4 != 0,
            bound: packed & 8 != 0,
        }
    }
}

/// The loader runs the functions in `.fini_array` before it unmaps the file.
pub(crate) const CAN_UNLOAD: bool = true;

pub fn is_program() -> bool {
    look().program
}

pub fn marks() -> Option<Marks> {
    let image = look();
    let marks = Marks {
        pinned: image.kept,
        bound: image.bound,
    };
    (!image.program).then_some(marks)
}

/// With `-z nodelete`, which `cargo rt0 build` and `rt0-build` pass to the linker, there is nothing to do. A library
/// built without it asks the loader. The constructor may do that, since its own thread holds the loader's lock.
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

/// The load asks several times.
fn look() -> Image {
    static SEEN: AtomicU32 = AtomicU32::new(0);
    // Relaxed, both: every thread stores the same.
    match SEEN.load(Ordering::Relaxed) {
        0 => {
            let image = read();
            SEEN.store(image.packed(), Ordering::Relaxed);
            image
        }
        packed => Image::unpacked(packed),
    }
}

fn read() -> Image {
    let Some(file) = Loaded::this_file() else {
        return Image::default();
    };
    let mut image = Image {
        program: file.is_fixed(),
        ..Image::default()
    };
    for part in file.parts() {
        match part.kind {
            PT_INTERP => image.program = true,
            PT_DYNAMIC => {
                // SAFETY: the linker has written the dynamic section of the file that we run from, which the
                // loader has mapped, as the ELF specification lays it out.
                unsafe { read_dynamic(file.at(part.address).cast(), &mut image) };
            }
            _ => {}
        }
    }
    image
}

/// # Safety
/// `entry` is the first entry of a dynamic section, which ends with a tag of zero.
unsafe fn read_dynamic(mut entry: *const DynamicEntry, image: &mut Image) {
    // SAFETY: passed on to our caller.
    unsafe {
        while (*entry).tag != 0 {
            let DynamicEntry { tag, value } = *entry;
            match tag {
                DT_BIND_NOW => image.bound = true,
                DT_FLAGS => image.bound |= value & DF_BIND_NOW != 0,
                DT_FLAGS_1 => {
                    image.bound |= value & DF_1_NOW != 0;
                    image.kept |= value & DF_1_NODELETE != 0;
                    image.program |= value & DF_1_PIE != 0;
                }
                _ => {}
            }
            entry = entry.add(1);
        }
    }
}
