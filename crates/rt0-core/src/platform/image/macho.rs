//! The file that we are part of, in Mach-O: is it a library or a program? It is kept for ever by asking
//! the loader.

use core::ffi::c_void;

use crate::platform::{loader, weak_symbols};
use crate::sabotage;

const MH_EXECUTE: u32 = 2;

/// Mach-O's file header, as far as it is wanted.
#[repr(C)]
struct FileHeader {
    magic: u32,
    cpu: u32,
    cpu_variant: u32,
    kind: u32,
}

unsafe extern "C" {
    /// The linker defines it: the header of the file that we are part of.
    static __dso_handle: c_void;
}

/// Whether the file hears of its end before it is unmapped: nobody would tell the library.
pub(crate) const CAN_UNLOAD: bool = false;

/// Whether a load of this file starts the library by itself: when the file is a library, and when it
/// is somebody's program that an archive of `cargo rt0 build --static` was linked into. A Rust program
/// or test that merely has the crate among its dependencies does not start it; its first gated call
/// does.
pub fn self_starting() -> bool {
    !is_program() || weak_symbols::in_archive().is_some()
}

/// Whether this file is a program: then no `dlopen` runs its constructors.
pub fn is_program() -> bool {
    let header = (&raw const __dso_handle).cast::<FileHeader>();
    // SAFETY: the linker defines the symbol at the header of the very file that we run from, which is
    // mapped.
    unsafe { (*header).kind == MH_EXECUTE }
}

/// Sees to it that the loader never unmaps the library. What is refused in the constructor is asked for
/// again before each boot's first call.
pub fn pin() {
    if !is_program() && !sabotage::NO_PIN {
        loader::keep_this_file();
    }
}

/// The same once more; asking again does no harm.
pub(crate) fn pin_again() {
    pin();
}
