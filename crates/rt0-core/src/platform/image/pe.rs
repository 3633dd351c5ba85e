//! The file that we are part of, in PE: is it a library or a program? It is kept for ever by asking the
//! loader.

use core::ffi::c_void;

use crate::platform::kernel::api::GET_MODULE_HANDLE_EX_FLAG_PIN;
use crate::platform::{kernel, weak_symbols};
use crate::sabotage;

unsafe extern "C" {
    /// The linker defines it: the header of the file that we are part of.
    static __ImageBase: c_void;
}

/// Whether the file hears of its end before it is unmapped: the callback hears of it.
pub(crate) const CAN_UNLOAD: bool = true;

/// Whether a load of this file starts the library by itself: when the file is a library, and when it
/// is somebody's program that an archive of `cargo rt0 build --static` was linked into. A Rust program
/// or test that merely has the crate among its dependencies does not start it; its first gated call
/// does.
pub fn self_starting() -> bool {
    !is_program() || weak_symbols::in_archive().is_some()
}

/// Whether this file is a program: then it is not loaded by anybody's `LoadLibrary`.
pub fn is_program() -> bool {
    /// Where the old header says how far off the new one is.
    const NEW_HEADER: usize = 0x3c;
    /// Where that one, behind its signature, has the file's characteristics.
    const CHARACTERISTICS: usize = 22;
    const IMAGE_FILE_DLL: u16 = 0x2000;
    let base = (&raw const __ImageBase).cast::<u8>();
    // SAFETY: the linker defines the symbol at the headers of the very file that we run from, which are
    // mapped and laid out as Microsoft's description of the format says.
    unsafe {
        let header = base.add(NEW_HEADER).cast::<u32>().read_unaligned();
        let flags = base.add(header as usize + CHARACTERISTICS);
        flags.cast::<u16>().read_unaligned() & IMAGE_FILE_DLL == 0
    }
}

/// Sees to it that the loader never unmaps the library.
pub fn pin() {
    if !is_program() && !sabotage::NO_PIN {
        kernel::this_module(GET_MODULE_HANDLE_EX_FLAG_PIN);
    }
}

/// The same once more: Windows does not refuse it.
pub(crate) fn pin_again() {}
