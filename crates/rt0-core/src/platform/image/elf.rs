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

// What we want to know about the file, one bit each.
const PROGRAM: u32 = 1;
const KEPT: u32 = 2;
const BOUND: u32 = 4;
/// That we have looked.
const SEEN: u32 = 8;

/// The loader runs the functions in `.fini_array` before it unmaps the file.
pub(crate) const CAN_UNLOAD: bool = true;

pub fn is_program() -> bool {
    look() & PROGRAM != 0
}

pub fn marks() -> Option<Marks> {
    let image = look();
    let marks = Marks {
        pinned: image & KEPT != 0,
        bound: image & BOUND != 0,
    };
    (image & PROGRAM == 0).then_some(marks)
}

/// With `-z nodelete`, which `cargo rt0 build` and `rt0-build` pass to the linker, there is nothing to do. A library
/// built without it asks the loader. The constructor may do that, since its own thread holds the loader's lock.
pub fn pin() {
    // Relaxed: asking once too often does no harm.
    if PINNED.load(Ordering::Relaxed) || sabotage::NO_PIN {
        return;
    }
    if look() & (PROGRAM | KEPT) != 0 || loader::keep_this_file() {
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
fn look() -> u32 {
    static IMAGE: AtomicU32 = AtomicU32::new(0);
    // Relaxed, both: every thread stores the same.
    match IMAGE.load(Ordering::Relaxed) {
        0 => {
            let image = read() | SEEN;
            IMAGE.store(image, Ordering::Relaxed);
            image
        }
        image => image,
    }
}

fn read() -> u32 {
    let Some(file) = Loaded::this_file() else {
        return 0;
    };
    let mut image = if file.is_fixed() { PROGRAM } else { 0 };
    for part in file.parts() {
        match part.kind {
            PT_INTERP => image |= PROGRAM,
            PT_DYNAMIC => {
                // SAFETY: the linker has written the dynamic section of the file that we run from, which the
                // loader has mapped, as the ELF specification lays it out.
                image |= unsafe { read_dynamic(file.at(part.address).cast()) };
            }
            _ => {}
        }
    }
    image
}

/// # Safety
/// `entry` is the first entry of a dynamic section, which ends with a tag of zero.
unsafe fn read_dynamic(mut entry: *const DynamicEntry) -> u32 {
    let mut image = 0;
    // SAFETY: passed on to our caller.
    unsafe {
        while (*entry).tag != 0 {
            let DynamicEntry { tag, value } = *entry;
            let mut add = |flag, bit| {
                if value & flag != 0 {
                    image |= bit;
                }
            };
            match tag {
                DT_BIND_NOW => image |= BOUND,
                DT_FLAGS => add(DF_BIND_NOW, BOUND),
                DT_FLAGS_1 => {
                    add(DF_1_NOW, BOUND);
                    add(DF_1_NODELETE, KEPT);
                    add(DF_1_PIE, PROGRAM);
                }
                _ => {}
            }
            entry = entry.add(1);
        }
    }
    image
}
