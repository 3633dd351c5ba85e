//! PE: the headers say what the file is. The loader keeps it for ever when asked to.

use core::ffi::c_void;

use super::Marks;
use crate::platform::kernel;
use crate::platform::kernel::api::GET_MODULE_HANDLE_EX_FLAG_PIN;
use crate::sabotage;

unsafe extern "C" {
    /// The header of the file that we are part of. The linker defines this symbol.
    static __ImageBase: c_void;
}

/// The loader's callback tells the library.
pub(crate) const CAN_UNLOAD: bool = true;

pub fn is_program() -> bool {
    /// Where the old header has the offset of the new one.
    const NEW_HEADER: usize = 0x3c;
    /// Where the new header has the file's characteristics, counted from its signature.
    const CHARACTERISTICS: usize = 22;
    const IMAGE_FILE_DLL: u16 = 0x2000;
    let base = (&raw const __ImageBase).cast::<u8>();
    // SAFETY: the linker defines the symbol at the headers of the file that we run from. They are mapped, and
    // laid out as Microsoft's description of the format says.
    unsafe {
        let header = base.add(NEW_HEADER).cast::<u32>().read_unaligned();
        let flags = base.add(header as usize + CHARACTERISTICS);
        flags.cast::<u16>().read_unaligned() & IMAGE_FILE_DLL == 0
    }
}

// The library pins itself, and everything is bound at load.
pub fn marks() -> Option<Marks> {
    None
}

pub fn pin() {
    if !is_program() && !sabotage::NO_PIN {
        kernel::this_module(GET_MODULE_HANDLE_EX_FLAG_PIN);
    }
}

/// Windows does not refuse `pin`.
pub(crate) fn pin_again() {}
