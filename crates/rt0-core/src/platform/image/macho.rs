//! Mach-O: the header says what the file is. The loader keeps it for ever when asked to.

use core::ffi::c_void;

use super::Marks;
use crate::platform::loader;
use crate::sabotage;

const MH_EXECUTE: u32 = 2;

/// Mach-O's file header, up to the last field that we need.
#[repr(C)]
struct FileHeader {
    magic: u32,
    cpu: u32,
    cpu_variant: u32,
    kind: u32,
}

unsafe extern "C" {
    /// The header of the file that we are part of. The linker defines this symbol.
    static __dso_handle: c_void;
}

/// Nothing would tell the library that it is being unloaded.
pub(crate) const CAN_UNLOAD: bool = false;

pub fn is_program() -> bool {
    let header = (&raw const __dso_handle).cast::<FileHeader>();
    // SAFETY: the linker defines the symbol at the header of the file that we run from, which is mapped.
    unsafe { (*header).kind == MH_EXECUTE }
}

// The library pins itself, and Apple's loader binds as it likes.
pub fn marks() -> Option<Marks> {
    None
}

pub fn pin() {
    if !is_program() && !sabotage::NO_PIN {
        loader::keep_this_file();
    }
}

/// Asking again does no harm.
pub(crate) fn pin_again() {
    pin();
}
